# ruff: noqa: E501 - the rows of the files are long
"""Files of each form, made by hand: two or three rows whose reading is known."""

import gzip
import io
import zipfile
from pathlib import Path


def gdelt(
    record: int, day: str = "20131113", *, wide: bool = False, url: str | None = "http://www.x.org/a", **cells: str
) -> str:
    """A row of GDELT 1.0 (57 columns, 58 with ``url``) or 2.0 (``wide``, 61)."""
    place = ["type", "name", "country", "adm1", *(["adm2"] if wide else []), "latitude", "longitude", "feature"]
    actor = ["code", "name", "country", "group", "ethnic", "religion1", "religion2", "type1", "type2", "type3"]
    names = ["record", "day", "month", "year", "fraction"]
    names += [f"{p}_{n}" for p in ("actor1", "actor2") for n in actor]
    names += ["root", "cameo", "base", "root_code", "quad", "goldstein", "mentions", "sources", "articles", "tone"]
    names += [f"{p}_{n}" for p in ("place1", "place2", "place") for n in place]
    names += ["added"]
    values = dict.fromkeys(names, "")
    values |= {"record": str(record), "day": day, "actor1_code": "RUSGOV", "actor1_name": "MOSCOW", "root": "1"}
    values |= {"actor2_code": "PRK", "actor2_name": "NORTH KOREA", "cameo": "040", "mentions": "10", "sources": "2"}
    values |= {"articles": "10", "place_type": "4", "place_name": "Pyongyang, P'yongyang-si, North Korea"}
    values |= {"place_country": "KN", "place_latitude": "39.0194", "place_longitude": "125.755", "added": day}
    values |= cells
    row = [values[name] for name in names]
    return "\t".join([*row, url] if url is not None else row)


ICEWS_HEAD = (
    "Event ID\tEvent Date\tSource Name\tSource Sectors\tSource Country\tEvent Text\tCAMEO Code\tIntensity\tTarget Name\t"
    "Target Sectors\tTarget Country\tStory ID\tSentence Number\tPublisher\tCity\tDistrict\tProvince\tCountry\tLatitude\t"
    "Longitude"
)


def icews(record: int = 1, day: str = "2011-08-24", code: str = "040") -> str:
    return (
        f"{record}\t{day}\tDmitry Medvedev\tExecutive,Government\tRussian Federation\tConsult\t{code}\t1\t"
        "Foreign Affairs (North Korea)\tExecutive,Foreign Ministry,Government\tNorth Korea\t77\t2\tXinhua\tUlan-Ude\tNA\t"
        "Buryatia\tRussian Federation\t51.8\t107.6"
    )


TKG = "date\tsource\tevent\ttarget\n2011-08-24\tRussia\tHost a visit\tNorth Korea\n2011-08-25\tChina\tConsult\tJapan\n"

POLECAT = (
    "Event ID\tEvent Date\tEvent Type\tEvent Mode\tIntensity\tQuad Code\tContexts\tActor Name\tActor Country\tActor COW\t"
    "Primary Actor Sector\tActor Sectors\tActor Title\tActor Name Raw\tWikipedia Actor ID\tRecipient Name\t"
    "Recipient Country\tRecipient COW\tPrimary Recipient Sector\tRecipient Sectors\tRecipient Title\t"
    "Recipient Name Raw\tWikipedia Recipient ID\tPlacename\tCity\tDistrict\tProvince\tCountry\tLatitude\tLongitude\t"
    "GeoNames ID\tRaw Placename\tFeature Type\tSource\tPublication Date\tStory People\tStory Organizations\t"
    "Story Locations\tLanguage\tVersion\n"
    "ASI20230104-1\t2023-01-04\tCONSULT\tvisit\t4\tVERBAL COOPERATION\tdiplomatic; economic\tWang Yi\tCHN\t710\tGOV\t"
    "GOV\tminister\tWang Yi\tWang Yi\tNone\tRUS\t365\tGOV\tGOV\tNone\tRussian officials\tNone\tMoscow\tMoscow\tNone\t"
    "Moscow\tRUS\t55.75\t37.61\t524901\tMoscow\tPPLC\tXinhua\t2023-01-05\t\t\t\ten\tNGEC\n"
    "ASI20230104-2\t2023-01-04\tASSAULT\tnone\t-9\tMATERIAL CONFLICT\tmilitary\tRussia\tRUS\t365\tMIL\tMIL\tNone\tRussia\t"
    "Russia\tUkraine\tUKR\t369\tCVL\tCVL\tNone\tUkraine\tUkraine\tNone\tNone\tNone\tNone\tNone\t\t\t\t\t\tAFP\t2023-01-04\t"
    "\t\t\ten\tNGEC\n"
)

PHOENIX = (
    "20140620_1\t20140620\t2014\t6\t20\tRUSGOV\tRUS\tGOV\t\tUKR\tUKR\t\t\t130\t13\t3\t-4.4\t\t50.45\t30.52\tKiev\t\tUkraine\t"
    "5361_1\thttp://a.org/1;http://b.org/2\ta;b\n"
    "20140620_2\t20140620\t2014\t6\t20\tUSA\tUSA\t\t\tIGOUNO\tIGO\t\t\t010\t1\t0\t0\t\t\t\t\t\t\t5362_4\thttp://a.org/3\ta\n"
)

UCDP = (
    '"id","relid","year","type_of_violence","side_a","side_b","gwnoa","gwnob","number_of_sources","source_office",'
    '"source_headline","where_prec","where_coordinates","adm_1","latitude","longitude","country","date_prec","date_start"\n'
    '1,"AFG-1",2010,1,"Government of Afghanistan","Taleban",700,,2,"AFP","Twelve ""rebels"" killed,\nofficials say",1,'
    '"Kunduz","Kunduz province",36.72,68.86,"Afghanistan",1,"2010-08-19 00:00:00.000"\n'
    '2,"AFG-2",2010,3,"Taleban","Civilians",,,1,"Reuters","",5,"","",34.5,69.2,"Afghanistan",4,"2010-07-01 00:00:00.000"\n'
)

ACLED = (
    "event_id_cnty,event_date,year,time_precision,disorder_type,event_type,sub_event_type,actor1,assoc_actor_1,inter1,"
    "actor2,assoc_actor_2,inter2,country,location,latitude,longitude,geo_precision,source,source_scale,notes\n"
    "KEN1,2024-03-01,2024,1,Political violence,Battles,Armed clash,Military Forces of Kenya (2022-),,State forces,"
    'Al Shabaab,,Rebel group,Kenya,Garissa,-0.45,39.64,1,Nation (Kenya); AFP,National,"A clash, at night."\n'
    "KEN2,02 March 2024,2024,3,Demonstrations,Protests,Peaceful protest,Protesters (Kenya),,Protesters,,,,Kenya,Nairobi,"
    "-1.28,36.82,2,Nation (Kenya),National,\n"
)


def write(path: Path, text: str | bytes, packing: str = "") -> Path:
    """Write text, also packed as ``gz`` or ``zip``; the file's path."""
    data = text.encode() if isinstance(text, str) else text
    if packing == "gz":
        path = path.with_name(path.name + ".gz")
        path.write_bytes(gzip.compress(data))
    elif packing == "zip":
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(path.name, data)
        path = path.with_name(path.name + ".zip")
        path.write_bytes(buffer.getvalue())
    else:
        path.write_bytes(data)
    return path
