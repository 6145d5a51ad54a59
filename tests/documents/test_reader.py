"""Inputs of every kind become documents, and what cannot is rejected with its reason, never stopping the rest."""

import datetime
import gzip
import io
import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.documents import ReadOptions, read
from detente.errors import BadDate, BadInput, BadOption, NotFound
from detente.records import Document, Rejected

DAY = datetime.date(2013, 11, 13)
DATED = ReadOptions(date=DAY)


def one(path: Path | str, options: ReadOptions = DATED, stdin: bytes | None = None) -> Document:
    (result,) = read([path], options, io.BytesIO(stdin) if stdin is not None else None)
    assert isinstance(result, Document), result
    return result


def codes(results: object) -> list[str]:
    return [r.code if isinstance(r, Rejected) else "ok" for r in results]  # type: ignore[attr-defined]


def write(path: Path, data: bytes | str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def test_plain_text_is_kept_exactly(tmp_path: Path) -> None:
    text = "Moscow said no.\r\n\r\n  Seoul\u202e replied.\x07 "
    document = one(write(tmp_path / "story.txt", text))
    assert (document.text, document.document_id, document.date_from) == (text, "story.txt", "option")


@pytest.mark.parametrize(
    ("head", "day"),
    [
        ("SEOUL, Nov 13, 2013 (Desk) -- Russia", DAY),
        ("KABUL, Afghanistan (Nov. 13, 2013)\nAn Afghan force", DAY),
        ("A headline\n\nWednesday, 13 November 2013\n\nThe text", DAY),
        ("Published: 2013-11-13 10:15 GMT\nThe text", DAY),
        ("ST. PETERSBURG, Russia, 13 November 2013 - The text", DAY),
        ("Nov 13, 2013 (Desk) - The text", DAY),
    ],
)
def test_dateline_gives_the_date(tmp_path: Path, head: str, day: datetime.date) -> None:
    document = one(write(tmp_path / "a.txt", head), ReadOptions(date="1999-01-01"))  # type: ignore[arg-type]
    assert (document.published, document.date_from) == (day, "text")


@pytest.mark.parametrize(
    "text",
    ["On November 13, 2013, Russia and China met.", "SEOUL, Nov 13 (Desk) - No year.", "PYONGYANG, Feb. 31, 2012 - x"],
)
def test_a_date_inside_the_story_is_no_dateline(tmp_path: Path, text: str) -> None:
    path = write(tmp_path / "a.txt", text)
    assert codes(read([path])) == ["no-date"]
    assert one(path).date_from == "option"


def test_markdown_front_matter(tmp_path: Path) -> None:
    text = '---\ntitle: "A: B"\ndate: 2013-11-13\nsource: The Paper\n---\n# Head\n\nRussia spoke.\n'
    document = one(write(tmp_path / "a.md", text), ReadOptions())
    assert (document.published, document.title, document.source) == (DAY, "A: B", "The Paper")
    assert document.text == text


PAGE = """<!doctype html><html><head><meta charset="{charset}"><title>Putin in Seoul</title>
<meta property="og:site_name" content="The Paper">
<meta property="article:published_time" content="2013-11-13T08:00:00Z">
<link rel="canonical" href="https://paper.example/putin"></head><body><nav>Home News Sport</nav><article><h1>Putin in
Seoul</h1>
<p>Russian President Vladimir Putin met the president of South Korea in Seoul on Wednesday, officials said.</p>
<p>
The two sides signed agreements on railways and visas, the café owner “José” was not told of any of it at all.</p>
</article><footer>Copyright</footer></body></html>"""


@pytest.mark.parametrize(
    ("charset", "codec"), [("utf-8", "utf-8"), ("iso-8859-1", "cp1252"), ("windows-1252", "cp1252")]
)
def test_html_page(tmp_path: Path, charset: str, codec: str) -> None:
    document = one(write(tmp_path / "page.html", PAGE.format(charset=charset).encode(codec)), ReadOptions())
    assert (document.title, document.published, document.source) == ("Putin in Seoul", DAY, "The Paper")
    assert document.url == "https://paper.example/putin"
    assert "café owner “José”" in document.text
    assert "Copyright" not in document.text


def test_html_is_told_by_its_content_and_a_tiny_page_has_text(tmp_path: Path) -> None:
    document = one(write(tmp_path / "page.txt", "<html><body><p>Russia &amp; Japan met.</p></body></html>"))
    assert document.text == "Russia & Japan met."


def test_json_lines_good_among_bad(tmp_path: Path) -> None:
    lines = [
        '{"id": "a", "text": "Russia spoke.", "date": "2013-11-13", "title": "T", "source": "S", "url": "U"}',
        "{broken",
        "[1]",
        '{"id": "c"}',
        '{"text": 5}',
        '{"text": "x", "title": ["y"]}',
        '{"text": "x", "date": "13/11"}',
        '{"text": "   "}',
        '{"id": "a", "text": "Again."}',
        '{"id": true, "text": "x"}',
        "[" * 100_000,
        "",
        '{"id": 7, "text": "Nul\\u0000 and \\ud800 gone."}',
        '{"text": "No id."}',
    ]
    path = write(tmp_path / "wire.jsonl", "\ufeff" + "\n".join(lines))
    results = list(read([path], DATED))
    assert codes(results) == [
        *("ok", "bad-json", "bad-json", "missing-text", "wrong-type", "wrong-type", "bad-date", "empty"),
        *("duplicate-id", "wrong-type", "bad-json", "ok", "ok"),
    ]
    first, last_but_one, last = results[0], results[-2], results[-1]
    assert first == Document(
        document_id="a", text="Russia spoke.", published=DAY, title="T", source="S", url="U", path=str(path)
    )
    assert isinstance(last_but_one, Document)
    assert (last_but_one.document_id, last_but_one.text) == ("7", "Nul and  gone.")
    assert isinstance(last, Document)
    assert last.document_id == "wire.jsonl#14"
    assert isinstance(results[1], Rejected)
    assert results[1].where == f"{path}:2"


def test_json_lines_on_standard_input() -> None:
    data = b'{"id": "x", "text": "Russia spoke.", "date": "2013-11-13"}\n'
    assert one("-", ReadOptions(kind="jsonl"), data).document_id == "x"
    assert one("-", DATED, b"Plain words.").text == "Plain words."


def test_a_long_line_is_passed_over(tmp_path: Path) -> None:
    lines = [
        '{"id": "1", "text": "short"}',
        json.dumps({"id": "2", "text": "x" * 5000}),
        '{"id": "3", "text": "short"}',
    ]
    path = write(tmp_path / "a.jsonl", "\n".join(lines))
    assert codes(read([path], ReadOptions(date=DAY, max_bytes=1000))) == ["ok", "too-large", "ok"]


def test_a_line_of_fifty_megabytes_is_read(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", json.dumps({"id": "big", "text": "word " * 10_000_000}))
    assert len(one(path).text) == 50_000_000


RSS = """<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c SYSTEM "file:///etc/passwd">]>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:media="http://search.yahoo.com/mrss/">
<channel><title>The Wire</title><lastBuildDate>Fri, 15 Nov 2013 10:00:00 GMT</lastBuildDate>
<item><title>Putin in Seoul</title><link>https://wire.example/1</link><guid>one</guid>
<media:title>A picture</media:title><pubDate>Wed, 13 Nov 2013 23:30:00 -0800</pubDate><description>Short.</description>
<content:encoded>&lt;p&gt;Putin met Park.&lt;/p&gt;&lt;p&gt;They &amp;amp; others spoke.&lt;/p&gt;</content:encoded>
</item>
<item><title>Bomb &b; &c; only a headline</title>
<link>https://wire.example/2</link><pubDate>13 Nov 2013</pubDate></item>
<item><title>No date</title><guid>three</guid></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>The Wire</title><entry><title>T</title><id>urn:1</id>
<link rel="self" href="https://wire.example/self"/><link href="https://wire.example/1"/>
<published>2013-11-13T01:00:00Z</published><updated>2014-01-01T00:00:00Z</updated>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Putin <b>met</b> Park.</p></div></content>
</entry></feed>"""
JSON_FEED = {
    "version": "https://jsonfeed.org/version/1",
    "title": "The Wire",
    "items": [
        {"id": 1, "title": "T", "content_html": "<p>Putin met Park.</p>", "date_published": "2013-11-13T01:00:00Z"}
    ],
}


def test_rss_entries_and_an_entity_bomb(tmp_path: Path) -> None:
    results = list(read([write(tmp_path / "feed.xml", RSS)]))
    assert codes(results) == ["ok", "ok", "no-date"]
    first, second = results[0], results[1]
    assert isinstance(first, Document)
    assert isinstance(second, Document)
    assert (first.document_id, first.text) == ("one", "Putin met Park.\nThey & others spoke.")
    assert (first.title, first.source, first.url, first.published) == (
        *("Putin in Seoul", "The Wire", "https://wire.example/1"),
        DAY,
    )
    assert second.document_id == "https://wire.example/2"
    assert "aaaa" not in second.text
    assert "root:" not in second.text


def test_atom_and_json_feeds(tmp_path: Path) -> None:
    atom = one(write(tmp_path / "a.atom", ATOM), ReadOptions())
    feed = one(write(tmp_path / "b.json", json.dumps(JSON_FEED)), ReadOptions())
    assert (atom.document_id, feed.document_id) == ("urn:1", "1")
    for document in (atom, feed):
        assert (document.text, document.published, document.title) == ("Putin met Park.", DAY, "T")
    assert atom.url == "https://wire.example/1"


def test_a_sitemap_and_other_json_are_of_unknown_kind(tmp_path: Path) -> None:
    sitemap = write(tmp_path / "a.xml", '<?xml version="1.0"?><urlset><url><loc>x</loc></url></urlset>')
    other = write(tmp_path / "b.json", "[1, 2]")
    assert codes(read([sitemap, other], DATED)) == ["unknown-kind", "unknown-kind"]


def warc(page: bytes, kind: str = "text/html", status: str = "200 OK") -> bytes:
    http = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(page)}\r\n\r\n".encode() + page
    head = (
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:1>\r\nWARC-Target-URI: https://a.example/x\r\n"
        "WARC-Date: 2020-01-01T00:00:00Z\r\nContent-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {len(http)}\r\n\r\n"
    )
    return head.encode() + http + b"\r\n\r\n"


def test_web_archive(tmp_path: Path) -> None:
    page = PAGE.format(charset="utf-8").encode()
    image = warc(b"\x89PNG", "image/png").replace(b"uuid:1", b"uuid:2")
    missing = warc(b"gone", status="404 Not Found").replace(b"uuid:1", b"uuid:3")
    path = write(tmp_path / "crawl.warc.gz", b"".join(gzip.compress(part) for part in (warc(page), image, missing)))
    results = list(read([path]))
    assert codes(results) == ["ok", "not-a-page", "not-a-page"]
    assert isinstance(results[0], Document)
    assert (results[0].document_id, results[0].published) == ("urn:uuid:1", DAY)


def test_a_web_archive_cut_off(tmp_path: Path) -> None:
    data = warc(PAGE.format(charset="utf-8").encode())
    assert codes(read([write(tmp_path / "a.warc", data[:-300])], DATED)) == ["truncated"]
    assert codes(read([write(tmp_path / "b.warc.gz", gzip.compress(data)[:-50])], DATED)) == ["truncated"]


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_encodings(tmp_path: Path, codec: str) -> None:
    text = "Russia’s president met his colleague from Côte d’Ivoire in Moscow on Tuesday, and they spoke of trade."
    assert one(write(tmp_path / "a.txt", text.encode(codec))).text == text


def test_other_encodings_by_statistics_or_option(tmp_path: Path) -> None:
    text = "Президент России встретился с президентом Республики Корея в Сеуле и подписал соглашения о сотрудничестве."
    path = write(tmp_path / "a.txt", text.encode("cp1251"))
    assert one(path).text == text
    assert one(path, ReadOptions(date=DAY, encoding="cp1251")).text == text
    assert codes(read([path], ReadOptions(date=DAY, encoding="utf-8"))) == ["undecodable"]


def test_utf16_json_lines(tmp_path: Path) -> None:
    lines = "".join(json.dumps({"id": str(n), "text": "Зима пришла."}, ensure_ascii=False) + "\n" for n in range(5000))
    results = list(read([write(tmp_path / "a.jsonl", lines.encode("utf-16"))], DATED))
    assert codes(results) == ["ok"] * 5000


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.txt", b"", "empty"),
        ("a.txt", b" \n\t ", "empty"),
        ("a.jsonl", b"\n\n", "empty"),
        ("a.pdf", b"%PDF-1.7 words", "binary"),
        ("a.txt", bytes(range(256)) * 40, "binary"),
        ("a.txt.gz", gzip.compress(b"Russia spoke. " * 1000)[:-20], "truncated"),
        ("a.txt.gz", gzip.compress(os.urandom(50_000))[:10_000] + b"junk", "binary"),
        ("a.rss", b"<rss><channel></channel></rss>", "empty"),
        ("a.json", b'{"version": "https://jsonfeed.org/version/1", "items": 5}', "bad-feed"),
        ("a.warc", b"WARC/1.0\r\nnonsense", "empty"),
    ],
)
def test_rejections(tmp_path: Path, name: str, data: bytes, code: str) -> None:
    assert codes(read([write(tmp_path / name, data)], DATED)) == [code]


def test_good_records_before_a_cut_are_kept(tmp_path: Path) -> None:
    lines = b"".join(json.dumps({"id": n, "text": os.urandom(30).hex()}).encode() + b"\n" for n in range(20_000))
    path = write(tmp_path / "a.jsonl.gz", gzip.compress(lines)[:-1000])
    found = codes(read([path], DATED))
    assert found[-1] == "truncated"
    assert found.count("ok") > 19_000


def test_a_decompression_bomb_is_cut_off(tmp_path: Path) -> None:
    import resource

    with gzip.open(tmp_path / "bomb.txt.gz", "wb") as file:
        for _ in range(400):
            file.write(b" " * 1024 * 1024)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert codes(read([tmp_path / "bomb.txt.gz"], ReadOptions(date=DAY, max_bytes=8 * 1024 * 1024))) == ["too-large"]
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 * 1024


def test_gzip_of_all_kinds(tmp_path: Path) -> None:
    text = one(write(tmp_path / "a.txt.gz", gzip.compress(b"Plain words.")))
    page = one(write(tmp_path / "b.html.gz", gzip.compress(PAGE.format(charset="utf-8").encode())))
    record = one(write(tmp_path / "c.jsonl.gz", gzip.compress(b'{"id": "x", "text": "words"}')))
    assert (text.text, page.title, record.document_id) == ("Plain words.", "Putin in Seoul", "x")


def test_folders_are_walked_in_order_and_names_made_unique(tmp_path: Path) -> None:
    for name in ("b/2.txt", "b/1.txt", "a.txt", ".hidden/x.txt", "c/.y"):
        write(tmp_path / "in" / name, f"Words of {name}.")
    other = write(tmp_path / "other" / "a.txt", "Other words.")
    (tmp_path / "in" / "pipe").symlink_to("/nowhere")
    results = list(read([tmp_path / "in", other], DATED))
    names = [r.document_id for r in results if isinstance(r, Document)]
    assert names == ["a.txt", "b/1.txt", "b/2.txt", str(other)]
    assert sorted(c for c in codes(results) if c != "ok") == ["hidden", "hidden", "unreadable"]


def test_the_same_file_twice_is_a_duplicate(tmp_path: Path) -> None:
    path = write(tmp_path / "wire.jsonl", '{"id": "a", "text": "Words."}')
    assert codes(read([path, path], DATED)) == ["ok", "duplicate-id"]


def test_a_missing_path_is_told_before_reading(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"nowhere\.txt"):
        read([tmp_path / "nowhere.txt"])


def test_options_are_checked() -> None:
    with pytest.raises(BadOption, match="jsonl"):
        ReadOptions(kind="jason")  # type: ignore[arg-type]
    with pytest.raises(BadDate):
        ReadOptions(date="2013-13-13")  # type: ignore[arg-type]
    with pytest.raises(BadInput, match="klingon"):
        ReadOptions(encoding="klingon")
    with pytest.raises(BadInput):
        ReadOptions(max_bytes=0)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["a.txt", "a.html", "a.jsonl", "a.rss", "a.warc", "a.json", "a.md"]))
def test_any_bytes_give_a_document_or_a_reason(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, name: str
) -> None:
    path = write(tmp_path_factory.mktemp("any") / name, data)
    for result in read([path], DATED):
        if isinstance(result, Document):
            result.text.encode()
            assert "\x00" not in result.text
        else:
            assert result.reason
