"""What doing and undoing look like for a deed of one family: troops that are to leave, prisoners to be freed, a bridge.

The cue words in :mod:`detente.commitments.followup` tell what is reported of any promise ("completed", "violated"). A
report of the deed itself often has none of them: "the guns fell silent". Such words mean something only for the
deeds of their family, and are looked for only where a sentence shares words with the provision.
"""

# ruff: noqa: E501 - a pattern stands on one line
from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from detente.commitments.deeds import part_of, same_deed
from detente.commitments.lexicon import pattern
from detente.commitments.model import Kind

__all__ = ["own_cues"]

_TROOPS = r"(?:troops|soldiers|forces|units|men|brigades?|battalions?|divisions?|tanks|columns?|garrisons?|armour|marines|regiments?|contingents?|convoys?|peacekeepers)"


@dataclass(frozen=True, slots=True)
class _Family:
    """Deeds of one kind, by the words of the promise, and what reports of them look like."""

    deed: re.Pattern[str]
    cues: tuple[tuple[Kind, re.Pattern[str]], ...]


def _family(deed: str, **cues: str) -> _Family:
    kinds: dict[str, Kind] = {"fulfil": "fulfil", "advance": "advance", "breach": "breach", "absent": "absent"}
    return _Family(re.compile(rf"\b(?:{deed})", re.IGNORECASE), tuple((kinds[k], pattern(v)) for k, v in cues.items()))


_FAMILIES = (
    _family(
        r"withdraw|pull(?:ed)? (?:\S+ ){0,4}?(?:back|out)|leave\b|evacuate|redeploy|vacate|quit\b|go home|(?:out of|away from) the",
        fulfil=rf"""
            (?:cross|driv|drove|roll|march|fl[ey]w?|sail|step)(?:ed|es|s)? (?:\S+ ){{0,6}}?(?:out of|home|back over|over the (?:border|frontier|bridge))
            (?:left|departed|evacuated|vacated|pulled back|pulled out|moved out|gone home)
            (?:no|not one|none of the) (?:\S+ )?{_TROOPS} (?:\w+ )?(?:remain\w*|(?:is|are|were) left|stay\w*)
            (?:barracks|bases?|camps?|posts?) (?:\S+ )?(?:empty|emptied|deserted|cleared)
        """,
        breach=rf"""
            (?:mov|sen[dt]|pour|br(?:ing|ought)|throw|threw|put|deploy|station)(?:ed|es|s)? (?:\S+ ){{0,3}}?(?:fresh|new|more|additional|further|extra) (?:\S+ )?{_TROOPS}
            (?:fresh|new|more|additional|extra) {_TROOPS} (?:\w+ )?(?:arriv\w+|enter\w+|cross\w+|land\w+|mov\w+|pour\w+)
            (?:reinforc|strengthen|bolster|beef)(?:ed|es|s|ing|ements?)?(?: up)?(?= )
            {_TROOPS} (?:\w+ )?(?:return(?:ed)? to|went back|came back|re-?entered|moved back)
            (?:re-?occup|re-?enter)(?:ied|ies|ed|s)
        """,
        absent=rf"""
            (?:still|remain\w*|stay\w*) (?:\w+ )?(?:dug in|there|in place|at their|in their|on the|in the|inside|camped|stationed|deployed|entrenched)
            {_TROOPS} (?:still|remain\w*|stay\w*)
        """,
    ),
    _family(
        r"(?:releas|free|set free|let .{0,30}go|exchang|swap|hand(?:ed)? over|amnest)[^.;]{0,40}(?:prisoner|captive|hostage|detainee|inmate|political|soldier|dissident|pilot|sailor|crew|internee)|(?:prisoner|captive|hostage|detainee|inmate)\w* [^.;]{0,30}(?:free|releas|home|exchang)",
        fulfil=r"""
            let (?:\S+ ){0,4}?(?:go|out|free)
            walk(?:ed|s) (?:out|free|to freedom)
            (?:reunited|pardoned|amnestied|set free)
            (?:back|home|out) (?:with|at|in|of)
        """,
        breach=r"""
            (?:keep|kept|hold on to) (?:\S+ ){0,2}?(?:prisoners?|captives?|hostages?|detainees?|inmates?|them|men) (?:\S+ ){0,3}?(?:until|for|in)
            (?:re-?arrest|sentenc|execut)(?:ed|es|s)
            new arrests
        """,
        absent=r"""
            (?:still|remain\w*) (?:\w+ )?(?:in (?:jail|prison|custody|cells|camps|captivity)|behind bars|locked up|held|detained|missing)
        """,
    ),
    _family(
        r"(?:pay|lend|give|grant|provide|fund|financ|donat|contribut|repay|compensat|transfer|raise)\b[^.;]{0,60}(?:million|billion|thousand|dollar|euro|mark|pound|yen|franc|rouble|ruble|sum|money|fund|loan|aid|credit|compensation|rent|per cent|debt)",
        fulfil=r"""
            (?:receiv|wir|transferr|credit|disburs|got|collect)(?:ed|es|s)?
            (?:money|sum|funds?|payments?|cheques?|instalments?|loans?|credits?) (?:\S+ ){0,3}?(?:arrived|came in|came through|reached|changed hands|went out)
            paid (?:up|off|for)
        """,
        absent=r"""
            (?:tied|held|dried) up
            empty-handed
            not a (?:cent|penny|dollar|euro|rouble)
        """,
    ),
    _family(
        r"build|construct|lay\b|erect|complete\b|dig\b|double-track|electrify|pipeline|railway|bridge|tunnel|canal|dam\b|reactor|plant\b|hospital|refinery",
        fulfil=r"""
            (?:cars?|trains?|traffic|passengers|ships?|gas|oil|water|current|lorries|trucks|power|electricity) (?:\S+ ){0,5}?(?:roll|ran|run|flow|pass|cross|stream)(?:s|ed|ing)?
            (?:took in|takes in|admit(?:s|ted)|welcom(?:es|ed)|treat(?:s|ed)) (?:\S+ ){0,2}?(?:patients|pupils|students|passengers)
            in (?:use|service|operation)
            (?:uses?|using) the
        """,
        advance=r"""
            (?:sank|sunk|dug|bored|poured|raised|erected|blasted|drove|driven) (?:\S+ ){0,3}?(?:caissons?|piles?|piers?|pillars?|shafts?|tunnels?|foundations?|concrete|pipes?|rails?|trench\w*|ground|test|holes?)
            being (?:\w+ )?(?:built|laid|raised|dug|erected)
            (?:cranes|excavators|diggers|bulldozers|drills|crews|surveyors|engineers) (?:\S+ ){0,3}?(?:work|mov|arriv|star|beg|measur|dig|dug)\w*
        """,
        breach=r"""
            walk(?:s|ed) away
            pull(?:s|ed) the plug
            (?:pull(?:s|ed)|tore|torn) down
        """,
    ),
    _family(
        r"(?:stop|halt|suspend|freeze|cease|end|close|shut|refrain|abandon|give up|renounce|phase out|ban)\b|moratorium|freeze",
        fulfil=r"""
            (?:fell|gone|went|fallen|lie|lies|stand|stands|stood|is|are) (?:silent|quiet|dark|cold|idle|still)
            (?:switched|turned) off
            no longer (?:runs?|works?|operat\w+|hunts?|produc\w+|mak\w+|burns?|fires?)
            for good
        """,
        breach=r"""
            (?:run|ran|work|fir|hunt|launch|test|sail|produc|burn|mak|shell|bomb|fly|flew|spin|spun|spinning)(?:s|ed|ing|es)? again
            again (?:running|work\w*|fir\w+|hunt\w+|produc\w+)
            \w+ing again
            put(?:s|ting)? (?:back )?to sea
            (?:keep|kept|keeping) (?:\S+ ){0,5}?(?:open|running|going|alive)
        """,
        absent=r"""
            (?:is|are|was|were|keeps?|kept|goes|went) (?:still )?(?:running|at work|working|operating|in operation|going on|on as before)
        """,
    ),
    _family(
        r"(?:lift|end|remov|scrap|abolish|eas|drop|open|allow|admit|let)\w*\b[^.;]{0,50}(?:ban|sanction|embargo|tariff|dut(?:y|ies)|quota|blockade|curb|restriction|barrier|visa|border|frontier|market|waters|crossing|port|goods|meat|wine|trade|trawlers|lorries|travel)",
        fulfil=r"""
            back (?:on|in|at) (?:\S+ )?(?:shelves|shops|markets?|sale|menus?)
            (?:flow|cross|pass|stream|mov|travel|trad|enter|sail)(?:s|ed|ing|es)? (?:\S+ ){0,4}?(?:freely|again|without|free of)
            free to (?:cross|travel|enter|trade|sell|move)
            without (?:a |any )?(?:visas?|duty|duties|papers|hindrance|permits?|checks)
            (?:cast|casts) (?:\S+ )?nets
        """,
        absent=r"""
            still (?:\w+ )?(?:turned|barred|banned|kept|sealed|closed|shut|in force|in place|levied|pay|need)
        """,
        breach=r"""
            (?:chas|driv|turn)(?:ed|en|ove) (?:\S+ )?(?:out|off|back|away)
            (?:seiz|impound|board)(?:ed|es)
        """,
    ),
    _family(
        r"(?:elect|vote|voting|poll|referendum|ballot|plebiscite)",
        fulfil=r"""
            (?:voters?|people|citizens|electors|crowds?|millions|thousands|[A-Z]\w+(?:ans|ese|ish|s)) (?:\S+ ){0,5}?(?:queue[sd]?|queuing|chose|choose|voted|cast|turned out|elected|filled)
            (?:ballots?|votes?) (?:\S+ ){0,2}?(?:counted|cast|were in)
            (?:turnout|winner|victor|landslide)
        """,
        advance=r"""
            (?:rolls?|lists?|registers?|registration|candidates?|ballot papers?|campaign\w*|commission) (?:\S+ ){0,4}?(?:open|print|regist|beg[au]n|start|publish|drawn|named|set up|appoint)\w*
        """,
        breach=r"""
            (?:rigged|fraud\w*|stuffed|annulled|declared void|one candidate|single candidate)
        """,
    ),
    _family(
        r"(?:deliver|suppl|send|ship|sell|hand(?:ed)? (?:over|back)|return|give back|donat|provid|transfer|extradit|surrender|repatriat)\w*",
        fulfil=r"""
            (?:arriv|dock|land|unload)(?:es|ed|s)?(?= )
            reach(?:es|ed) (?!with\b|an?\b|in\b|on\b|agreement)
            (?:handed|passed|given) to
            took delivery
            (?:came|come|is|are|was|were) (?:back|home) (?:in|at|on|with)
            put on (?:a|the|an) (?:\w+ )?(?:plane|flight|train|ship|aircraft)
            (?:flown|escorted|driven|shipped) (?:\S+ ){0,3}?(?:to|out|home|back)
            rounds? off
        """,
        breach=r"""
            (?:refus|declin)\w+ to (?:part|hand|let|send|give|ship)
            (?:keep|kept) (?:it|them|the)
        """,
    ),
    _family(
        r"(?:cut|reduc|lower|shrink|limit|halv|slash|bring .{0,30}down|decreas|cap|curb)\w*\b",
        fulfil=r"""
            (?:below|under|within) (?:the |its |their )?(?:\S+ )?(?:ceilings?|limits?|marks?|targets?|levels?|goals?)
            (?:targets?|goals?|marks?|levels?) (?:\S+ ){0,4}?(?:met|reached|beaten|passed|hit)
            half (?:what|of what|the) (?:\S+ ){0,2}?(?:was|were|level)
        """,
        advance=r"""
            (?:fell|fallen|lower|less|cheaper|dropp\w+|shr[aiu]nk|declin\w+|down (?:by|to|from))
        """,
        breach=r"""
            (?:new|fresh|higher|additional|extra|further) (?:\S+ )?(?:levy|levies|dut(?:y|ies)|tariffs?|tax(?:es)?|charges?|fees?)
        """,
        absent=r"""
            (?:rose|risen|rise|rises|grew|grown|grows|climb\w*|increas\w+|went up|gone up|higher|more than before|above (?:the|its|their))
            (?:far|well|way) (?:off|above|over|from)
        """,
    ),
    _family(
        r"(?:recogni[sz]|restor|resum|establish|open|reopen|normali[sz])\w*\b[^.;]{0,50}(?:relations|ties|embass|consulate|republic|state\b|independence|diplomat)",
        fulfil=r"""
            (?:present|hand)(?:ed|s) (?:in |over )?(?:\S+ )?credentials
            flags? (?:\S+ ){0,3}?(?:fl(?:ies|ew|y)|over)
            (?:ambassadors?|envoys?|consuls?) (?:\S+ ){0,3}?(?:arriv|took up|take up|present|mov)\w*
        """,
        absent=r"""
            boarded up
            (?:stands?|remains?) (?:empty|shut|closed|vacant)
        """,
    ),
    _family(
        r"(?:cease-?fire|truce|armistice|hold (?:their|its) fire|shell|fighting|hostilit|attack|bomb|raid|shoot|violence)",
        fulfil=r"""
            (?:guns?|front|border|night|city|line) (?:\S+ ){0,3}?(?:silent|quiet|calm)
            (?:has|have|is|was|been) (?:held|holding|kept)
            (?:no|not a|without a) (?:single )?(?:shots?|shells?|rockets?|clash\w*|incidents?)
        """,
        breach=r"""
            (?:shells?|rockets?|mortars?|missiles?|bombs?|planes|jets|drones?|gunmen|snipers?) (?:\S+ ){0,4}?(?:hit|struck|fell|fired|landed|kill\w+|pounded|attack\w+)
            (?:fired|shot|opened up|hit back|struck|pounded)(?= )
            kill(?:ed|ing) (?:\S+ )?(?:people|soldiers|civilians|men|\w+)
            (?:clash|skirmish|ambush)(?:es|ed)
        """,
    ),
    _family(
        r"(?:join|acced|enter|become a member|admit|adopt the)\w*\b",
        fulfil=r"""
            (?:became|becomes|become|now) (?:a|the|its|\w+th|\w+st|\w+nd|\w+rd) (?:\w+ )?member
            (?:admitted|acceded|joined|entered)
        """,
        advance=r"""
            (?:handed in|lodged|filed|submitted|made) (?:\S+ ){0,2}?(?:application|bid|request)
            (?:appli(?:ed|es)|candidates?|accession talks|chapters)
        """,
        breach=r"""
            vot(?:ed|es) (?:no|against)
            (?:said|say|says) no
            stay(?:s|ed)? out
            turned (?:its|their) back
        """,
    ),
    _family(
        r"(?:clear|destroy|dismantl|scrap|disarm|eliminat|hand(?:ed)? in|lay down|give up|decommission|surrender|dispos|disband|remov)\w*\b",
        fulfil=r"""
            free of (?:\S+ )?(?:mines?|weapons?|arms|missiles?|bombs?|chemicals?)
            (?:blown up|melted|burn(?:t|ed)|sunk|crushed|cut up|sawn|incinerated|neutrali[sz]ed)
            (?:handed|turned|given|gave|laid) (?:in|over|up|down)
            (?:no|not one) (?:\S+ )?(?:mines?|weapons?|missiles?|warheads?|bombs?|guns?) (?:\w+ )?(?:is|are|was|were)? ?left
        """,
        breach=r"""
            (?:laid|lay|planted|buil[dt]|made|bought|hid|hidden|buried|smuggled|test(?:ed)?|deployed|produced|acquired) (?:new|more|fresh|further|additional|secret)
            (?:rebuilt|rearmed|re-armed|stockpil\w+|hoard\w+)
            \w+ing again
        """,
    ),
    _family(
        r"(?:send|deploy|station|dispatch)\w*\b[^.;]{0,40}(?:troops|soldiers|police|observers|monitors|inspectors|peacekeepers|doctors|engineers|battalion|force|mission|team|ships)",
        fulfil=r"""
            (?:arriv|land|deploy|disembark)(?:ed|es|s)
            took up (?:their |its )?(?:posts?|positions?|duty|work|quarters)
            on the ground
        """,
    ),
    _family(
        r"(?:train|teach|educat|instruct)\w*\b",
        fulfil=r"""
            (?:graduat|qualif|pass)(?:ed|es|ied)(?: out)?
            got (?:their|his|her|its) (?:badges?|diplomas?|certificates?|wings)
        """,
    ),
    _family(
        r"(?:publish|disclos|releas|nam|reveal|declassif)\w*\b[^.;]{0,40}(?:names?|list|figures?|report|data|papers|files|documents|archive)",
        fulfil=r"""
            (?:is|are|was|were|came|now) (?:out|online|public|in print)
            (?:appear|print|list)(?:ed|s)
        """,
    ),
    _family(
        r"(?:talks|negotiat|dialogue|consultations|conference|hearings?)",
        fulfil=r"""
            (?:sat|sit|sits) down
            (?:delegat\w+|envoys|negotiators|teams|sides|officials) (?:\S+ ){0,3}?(?:met|meet|opened|began|gathered|sat)
        """,
    ),
)  # fmt: skip


@lru_cache(maxsize=4096)
def _of(deed: str) -> tuple[_Family, ...]:
    return tuple(family for family in _FAMILIES if family.deed.search(deed))


def own_cues(verb: str, clause: str, text: str) -> tuple[tuple[Kind, re.Match[str]], ...]:
    """Where a report has the promised deed in the past, or what doing and undoing of such deeds look like."""
    found: list[tuple[Kind, re.Match[str]]] = []
    done = same_deed(verb, clause, text)
    if done is not None:
        found.append(("fulfil", done))
    for family in _of(f"{verb} {clause}"):
        for kind, cue in family.cues:
            found += [(kind, match) for match in cue.finditer(text)]
    part = part_of(clause, text)
    if part is not None:
        found.append(("advance", part[1]))
    return tuple(found)
