"""Words of a text as linking sees them: light stems, general concepts, weights."""

from __future__ import annotations

import importlib.resources
import math
import re
from collections.abc import Iterable
from functools import cache, lru_cache

__all__ = ["COMMON", "Words", "content", "sharing", "stem", "topic", "weight"]

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|\d[\d.,]*", re.UNICODE)
_FIGURE = re.compile(r"(?<![\d.,])(?!(?:1[89]|20)\d\d\b)\d[\d,]*(?:\.\d+)?(?<!,)(?<=\d{2}|\.\d)(?![\d.,]*\d)")
"""Figures of two digits and more that are no years: the sum of 335 million is known again by its figure."""
_SUFFIXES = (
    "isations", "isation", "izations", "ization", "ifications", "ification", "ations", "ation", "ments", "ment",
    "ions", "ion", "ings", "ing", "ors", "ers", "als", "ised", "ized", "ises", "ise", "ize", "ies", "ed", "es", "al",
    "or", "er", "ly", "ory", "s", "e", "y",
)  # fmt: skip


def _several(text: str) -> frozenset[str]:
    return frozenset(text.split())


COMMON = _several("""
a about above according across after again against ago ahead all almost along already also although always am among an
and another any anybody anyone anything are around as ask asked at away back be became because become been before began
begin being below between big both but by came can cannot carry case cause come could course day days did do does done
down due during each early either else end enough even ever every far few first five for former four from full further
gave general get give given go goes going gone good got great had half has have having he her here him his hold home how
however if in instead into is it its itself just keep kept know known large last late later least led left less let life
like little long look lot made main make man many may me mean member men met might million month months more most mr mrs
much must my near nearly need neither never new next nine no nobody none nor not nothing now number of off office often
on once one only onto or other others our out over own page paper part past per place plan plans point public put quite
rather ready really reach reached report reported reports rest right run said same saw say saying says second see seem
seen sent set seven several shall she short should show side sides since six small so some soon speak spoke spoken stand
stands state statement states still such take taken ten text than that the their them themselves then there these they
thing third this those though three through thus till time times to today together told too took toward towards turn
turned twelve two under until up upon us use used very want wanted was way we week weeks well went were what when where
whether which while who whole whose why will with within without word words work would year years yet you young
monday tuesday wednesday thursday friday saturday sunday january february march april june july august september october
november december spring summer autumn winter north south east west northern southern eastern western
president premier prime minister ministers ministry foreign secretary deputy government governments leader leaders
official officials spokesman spokeswoman envoy envoys ambassador chancellor king queen parliament senate congress
authorities delegation delegates agency news wire press capital country countries nation nations national international
agreement agreements accord accords treaty pact deal deals understanding protocol memorandum declaration pledge promise
signed sign agreed agree announced announce declared declare promised pledged undertook talks meeting summit met
conference parties party side joint
consider considers considered considering thousand hundred billion
percent cent dollars dollar euros euro according ago world
""")
"""Words that say nothing about what a text of this kind is about."""

_CONCEPTS = """
pipeline pipelines gasline pipe pipes welding welders weld compressor strings
railway railways rail railroad train trains track locomotive tracks wagons rails carriages sleepers gauge station
weapon weapons arms gun guns rifle rifles disarm disarmament decommissioning demobilised munitions ammunition armaments weaponry rockets grenades mortars
election elections vote votes voting poll polls ballot ballots voters electoral referendum plebiscite turnout voted polling electorate constituencies
troops troop soldier soldiers army brigade battalion contingent garrison garrisons pull-out withdrawal withdraw withdrew forces regiment division divisions convoy barracks marines armies units columns infantry paratroopers peacekeepers legion armour tanks servicemen deployment
prisoner prisoners captive captives detainee detainees hostage hostages inmates prison jail jailed cells camp freed amnesty
refugee refugees returnees displaced repatriation repatriated migrants asylum exiles resettlement
debt debts loan loans arrears creditors owed owes lenders borrowed repaid repayment repay instalments bonds
border frontier boundary demarcation marker markers pillars delimitation crossing gates checkpoint checkpoints borders
tariff tariffs duty duties customs levy levies quota quotas
ceasefire truce armistice shooting fighting shelling hostilities cease-fire clashes shots ambush bombardment offensive gunfire
nuclear reactor reactors enrichment uranium centrifuges plutonium atomic enrich denuclearisation
missile missiles warhead warheads launcher launchers silos ballistic
bridge span piers ferry
port harbour harbor dock docks wharf quay terminal berth ports
ship ships freighter vessel vessels tanker frigate carrier carriers hull shipyard yard destroyer
embassy embassies ambassadors diplomatic relations legation consulate recognition ambassador envoys chargé
sanctions embargo blockade quarantine embargoes
autonomy autonomous self-rule devolution statute self-government
independence sovereign flag sovereignty secession independent
cabinet posts power-sharing coalition portfolios ministries
wheat grain food rice maize corn harvest flour
oil crude petroleum barrels refinery
gas methane liquefied
emissions carbon climate greenhouse warming coal
inspection inspections inspector inspectors verification monitors monitoring observers
base bases airbase airfield
hospital hospitals clinic clinics vaccine vaccines doses shots jabs
dam dams reservoir turbines turbine hydropower
electricity power grid megawatts plant
road roads highway motorway asphalt lorries trucks
fishing fishery fish catch catches trawlers fishermen
water river waters rivers
mine mines landmines minefields demining
settler settlers settlements settlement
court tribunal judges trial trials extradition extradite verdict ruling suspects
currency euro devaluation peg
islands island archipelago isles
canal waterway locks
flight flights airline airlines air airliner airliners
visa visas travel travellers
grant grants fund funds funding aid money pledges donors dollars finance
bronze bronzes artefacts artifacts statue obelisk stela looted museum museums relics
submarine submarines jets aircraft planes fighters bombers fighter
chemical chemicals gas-shells sarin stockpile stockpiles mustard
membership member members accession join joined entry joining admitted admission
constitution constitutional amendment
land farms farm farmers hectares estates reform
rebels rebel guerrillas guerrilla insurgents fighters militia militias
reunification unification reunited unity
tunnel tunnels
satellite telescope laboratory
schools school teachers university
workers migrants labour
families family reunions relatives
subsidies subsidy
whaling whales whalers
steel aluminium
taxes tax taxation
"""


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """A light stem: ``elections``, ``elected`` → ``elect``; at least four letters stay."""
    word = word.lower().replace("’", "'").removesuffix("'s").rstrip("'")
    for _ in range(2):
        for suffix in _SUFFIXES:
            if word.endswith(suffix) and len(word) - len(suffix) >= 4:
                word = word[: -len(suffix)]
                break
        else:
            break
    return word


_COMMON_STEMS = frozenset(stem(word) for word in COMMON)
_CONCEPT: dict[str, str] = {}
for _line in _CONCEPTS.strip().splitlines():
    _names = _line.split()
    for _name in _names:
        _CONCEPT.setdefault(stem(_name), "+" + _names[0])


def content(text: str) -> list[str]:
    """Words of a text that can carry its subject, lower case, in order, without common words and numbers."""
    found = []
    for match in _WORD.finditer(text):
        word = match[0]
        if word[0].isdigit() or len(word) < 3:
            continue
        for part in [word, *word.split("-")] if "-" in word else [word]:
            low = part.lower().replace("’", "'").removesuffix("'s")
            if len(low) > 2 and low not in COMMON:
                found.append(low)
    return found


class Words(dict[str, float]):
    """Stem or concept (with a leading ``+``) to weight: what a text is about."""

    def shared(self, other: Words) -> dict[str, float]:
        """What both have, with the smaller weight; a concept only where no word of it is shared itself."""
        small, large = (self, other) if len(self) <= len(other) else (other, self)
        found = {key: min(weight, large[key]) for key, weight in small.items() if key in large}
        for key in [key for key in found if key in _CONCEPT]:
            found.pop(_CONCEPT[key], None)
        return found


def topic(text: str, leave_out: Iterable[str] = ()) -> Words:
    """The stems and figures of a text, each weighing 1, and its concepts, 0.7; ``leave_out`` are names of parties."""
    without = {stem(word) for word in leave_out}
    found = Words()
    for match in _FIGURE.finditer(text):
        found[match[0].replace(",", "")] = 1.0
    for word in content(text):
        key = stem(word)
        if key in _COMMON_STEMS or key in without:
            continue
        found[key] = 1.0
        concept = _CONCEPT.get(key)
        if concept:
            found[concept] = 0.7
    return found


STORIES = 4500
"""Stories that the shares in ``frequency.txt`` were counted over."""
STEEP = 3.0
"""How fast a word's weight falls with the share of stories that have it: a stem in 3 % of them weighs 1, in 10 %
0.82, in 30 % 0.43. Tried at 2, 2.4, 3 and 4 on the development gold."""


@cache
def _frequencies() -> dict[str, float]:
    lines = (importlib.resources.files("detente.commitments") / "frequency.txt").read_text(encoding="utf-8")
    rows = (line.split() for line in lines.splitlines() if line and not line.startswith("#"))
    return {word: int(share) / 1000 for word, share in rows}


def weight(word: str) -> float:
    """How much a stem or concept tells a matter apart: 1 for a rare one, little for one that many stories have.

    The same in every collection, so that what one document is about does not depend on which others are read.
    """
    share = _frequencies().get(word)
    return 1.0 if share is None else min(1.0, -math.log(share) / math.log(STORIES) * STEEP)


def sharing(one: Words, other: Words) -> float:
    """Weight of the words that two texts share."""
    return sum(weight(word) * own for word, own in one.shared(other).items())
