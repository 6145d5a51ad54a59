"""The words by which undertakings, conditions and reports about them are told; all patterns ignore case."""

# ruff: noqa: E501 - a pattern stands on one line
from __future__ import annotations

import re

__all__ = [
    "ACCORD_NOUN",
    "AGREED",
    "BACK",
    "BASE_VERBS",
    "CONDITION",
    "HOSTILE",
    "NEGATED",
    "NO_DEED",
    "PLAIN_CONDITION",
    "PLEDGED",
    "SIGNED",
    "pattern",
]


def pattern(words: str) -> re.Pattern[str]:
    """A pattern that matches any line of ``words`` as whole words; lines are regular expressions."""
    lines = [line.strip() for line in words.strip().splitlines() if line.strip()]
    return re.compile(r"(?<![\w-])(?:" + "|".join(lines) + r")\b", re.IGNORECASE)


ACCORD_NOUN = (
    r"(?:agreements?|accords?|treat(?:y|ies)|pacts?|deals?|protocols?|memorand(?:um|a|ums)|declarations?|conventions?"
    r"|frameworks?|contracts?|cease-?fires?|truces?|armistices?|peace|arrangements?|understandings?|charters?"
    r"|communiqu[eé]s?|packages?|bargains?|settlements?|compacts?|compromises?|leases?|road ?maps?|papers?|texts?"
    r"|documents?|statements?|joint statements?|acts?|covenants?|ententes?|letters? of intent|commitments?|pledges?"
    r"|promises?|plans?|terms)"
)

SIGNED = pattern(rf"""
    (?:has |have |had )?(?:sign(?:ed|s)|initial(?:l?ed|s)|co-signed)
    signing of
    conclud(?:ed|es)\s(?:\S+\s){{0,6}}?{ACCORD_NOUN}
    put (?:his|her|their|its) (?:names?|signatures?) (?:to|under)
    {ACCORD_NOUN} (?:was |were )?(?:signed|initialled)
""")
AGREED = pattern(
    rf"""
    (?:have |has |had )?agreed?(?:s)?(?= (?:to|that|on|in|at|with|upon|yesterday|late|early|today|not)\b)
    (?:have |has |had )?agreed
    (?:reach|struck|strike|sealed?|clinch|hammer(?:ed)? out|work(?:ed)? out|complet)(?:ed|es)?
      \s(?:\S+\s){{0,5}}?{ACCORD_NOUN}
    (?:settled|decided|resolved|arranged)(?= (?:\S+ \S+ on \S+ )?(?:to|that|on)\b)
    (?:settled|decided|arranged)(?= in [A-Z]\S+ (?:\S+ ){{0,4}}?(?:to|that|on)\b)
    c[ao]me to (?:terms|an? (?:agreement|understanding))
    {ACCORD_NOUN} (?:was |were |has been |have been )?(?:reached|struck|agreed|adopted|settled)
""".replace("\n      ", "")
)
PLEDGED = pattern(r"""
    pledg(?:ed|es|ing)
    promis(?:ed|es|ing)
    undert(?:ook|akes?|aken)
    vow(?:ed|s)
    sw(?:ore|orn|ears)
    commit(?:s|ted)? (?:itself|himself|herself|themselves|to)
    guarantee(?:d|s)
    gave (?:an? |its |his |her |their )?(?:pledge|promise|undertaking|assurance|word|guarantee)s?
    (?:bind|oblige|bound|obliged)(?:s)?
    offer(?:ed|s)
    threaten(?:ed|s)
    (?:is|are|was|were|be|it was|he was) (?:ready|prepared|willing) to
    set (?:itself|themselves|himself) (?:the|a) (?:goal|target|aim)
    volunteered
    (?:announc|declar|proclaim)ed (?:an?|its|the) (?:\w+ ){0,3}?(?:cease-?fire|truce|moratorium|freeze|halt|amnesty|embargo|ban)
""")
NEGATED = re.compile(
    r"\b(?:not|n't|no|without|never|neither|nor|none|fail(?:ed|s)? to|refus(?:ed|es|al) to|could(?: not|n't)|unable to"
    r"|declined to|yet to|short of|instead of|draft|if|unless|hopes? (?:of|to|for|that)|rumou?rs?|unconfirmed"
    r"|call(?:ed|s) for|urg(?:ed|es|ing)|demand(?:ed|s)?|proposal|whether)\b[^.;:]{0,40}$",
    re.IGNORECASE,
)
"""What stands shortly before an undertaking word and takes it back."""

CONDITION = re.compile(
    r"\b(?:(?:but |and )?only (?:if|when|once|after|on condition)|(?:even )?if|unless|once|until"
    r"|provided(?: that)?|providing that|on (?:the )?condition(?: that| of)?|in (?:return|exchange) for"
    r"|subject to|pending|(?:as|so) (?:long|soon) as|conditional (?:up)?on|contingent (?:up)?on|dependent (?:up)?on"
    r"|depending on|depends on|(?:directly )?proportion(?:al|ate) to|in proportion to|in step with|on the understanding"
    r"|in the event(?: that| of)|assuming(?: that)?|should(?= (?:the|it|they|he|she)\b)"
    r"|after(?= (?:[\w'-]+ ){0,6}?(?:has|have|is|are|ratif\w+)\b)|when(?= (?:[\w'-]+ ){0,6}?(?:has|have|is|are)\b)"
    r"|not (?:before|until))\b",
    re.IGNORECASE,
)

PLAIN_CONDITION = re.compile(
    r"(?:only (?:if|when|once|after)|if|unless|until|provided|providing|on (?:the )?condition|subject to|pending|conditional"
    r"|contingent)\b", re.IGNORECASE,
)  # fmt: skip

HOSTILE = pattern(r"""
    clos(?:e|ing)
    cut(?:ting)?
    stop(?:ping)?
    halt
    attack
    bomb
    impose
    withdraw
    expel
    leave
    quit
    seize
    block
    invade
    strike
    retaliate
    punish
    ban
    suspend
    end
    resume
    recall
    sever
    use force
    shut
    turn off
    walk out
    veto
    raise
""")

NO_DEED = pattern(r"""
    (?:be|being) (?:\w+ ){0,2}(?:difficult|hard|easy|necessary|possible|useful|important|held back|voluntary)
    visit
    meet
    attend
    travel
    fly
    discuss
    talk
    speak
    hold (?:\w+ ){0,3}(?:talks|meetings?|consultations|discussions|summit|press)
    continue (?:talks|talking|consultations|to talk|negotiations|work)
    keep (?:on )?(?:talking|up contacts|in touch|working|trying|looking|negotiating|consulting|meeting|an eye|open)
    be (?:the (?:\w+est|first|last|only|most|best)|like|more|less|too|very|glad|happy|able|there)
    go on (?:talking|with talks)
    stay in (?:close )?(?:contact|touch)
    say
    expect
    depend
    see
    mean
    need
    consult
    try
    seem
    like
    take time
    require
    arrive
    answer
    decide
    brief
    address
    follow$
    look (?:at|into|for)
    hope
    prefer
    wait
    happen
    win
    lose
    come up
    be (?:ready|prepared|willing)
    be (?:on the agenda|discussed|decided|seen|known)
    resume (?:talks|negotiations|dialogue)
    return to (?:the )?(?:\S+ )?(?:talks|negotiations|table)
    begin (?:talks|negotiations)
    start (?:talks|negotiations)
    have no (?:comment|choice)
    launch (?:a |the )?(?:rocket|satellite)
""")

BACK = re.compile(
    rf"\b(?:(?:the|this|that|these|those|their|its|his|under|both|earlier|first|last|old|same|\d{{4}})\s"
    rf"(?:[\w'’-]+\s){{0,3}}?{ACCORD_NOUN}"
    r"|(?:as )?(?:agreed|promised|pledged|laid down|set out|foreseen|fixed|undertaken|provided for|covered|called for"
    r"|due|settled|signed|concluded|owed|planned) (?:in|at|by|under|on|with|last|earlier|there|then|for)"
    r"|as (?:agreed|promised|planned|foreseen|pledged|laid down)|the (?:target|deadline|time ?table|schedule|goal)"
    r"|(?:implementation|terms|text|anniversary|follow-up) of)\b",
    re.IGNORECASE,
)


def _several(text: str) -> frozenset[str]:
    return frozenset(text.split())


BASE_VERBS = _several("""
abandon abide abolish accept achieve adhere adjust admit adopt aid allocate allow amend apply appoint approve arrange arm
assist attach attack avoid award ban bar base begin bind blockade bomb bring build buy call cancel cap cease change charge
check clean clear close come compensate complete comply conclude conduct connect consider construct consult contribute
convert cooperate coordinate cover create crate cut deal declare decommission defend deliver demarcate demilitarise
demobilise demobilize demolish deploy deposit destroy develop devolve disarm disband disclose dismantle dispose
distribute divide do donate double draft draw drill drop ease elect eliminate employ enact enclose end enforce enlarge
enter establish evacuate exchange exclude exempt expand expel explore export extend extradite facilitate fight finance
finish fix follow forgive form forswear free freeze fulfil fund gather get give go grant guarantee halt hand harmonise
help hold honour host impose import improve include increase inform initiate inspect install integrate introduce invest
invite issue join keep land launch leave lease lend let lift limit link liberalise list locate lock lower maintain make
manage mark match merge modernise move negotiate notify nationalise observe obtain offer open operate order organise
outlaw oversee own pass patrol pay peg permit phase place plant postpone prepare present press prevent print
privatise process produce prohibit promote prosecute protect provide publish pull purchase put quit raise ratify reach
readmit rebuild recall receive recognise recognize reconnect recruit redeploy reduce reform refrain refuel register rejoin
release relinquish relocate remain remove renew renounce reopen repair repatriate repay repeal replace report
reschedule reserve resettle resign respect restart restore restrict resume retain retire retrieve return reunify reunite
reverse review roll rule run sack safeguard scale scrap seal search secure sell send separate serve set settle share shelve
ship show shrink shut sign sink slash split spend stage staff start station stay step stop store strengthen submit
subsidise suspend supply support surrender switch take teach tear terminate test tighten tolerate train transfer transmit
treat triple turn undertake unfreeze unify unite upgrade use vacate vaccinate verify veto waive widen withdraw withhold
work write achieve plant phase restructure arrest hire supervise accede dredge electrify double-track lay
""")
"""Verbs that a promise is made of, in the base form: they tell where one deed ends and the next begins."""
