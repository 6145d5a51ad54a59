"""The cue words by which a sentence reports follow-through of any promise, kind by kind; what they weigh and when they
count is in :mod:`detente.commitments.followup`."""

# ruff: noqa: E501 - a pattern stands on one line
from __future__ import annotations

from detente.commitments.lexicon import ACCORD_NOUN, pattern

__all__ = ["ABSENT", "ADVANCE", "BREACH", "DENY", "FULFIL", "REPLACE", "SUBSTANTIAL"]

REPLACE = pattern(
    r"""
    (?:replac(?:es?|ed|ing)|supersed(?:es?|ed|ing)|supplant(?:s|ed)?)
    (?:takes?|took|taking|taken) (?:the|its|their|over the) place
    in (?:its|their|his|her) (?:place|stead)
    in (?:the )?(?:place|stead) of (?!one\b|two\b|three\b)
    by-?pass(?:es|ed|ing)?
    dropped (?:\S+ )?(?:\w+ )?(?:for|in favou?r of)
    in favou?r of (?:an?|the|another) (?:new|other|\w+)
    (?:new|other|another|different|rival|second|revised|fresh|wider|broader) (?:\S+ ){0,2}?(?:treaty|pact|accord|agreement|route|supplier|contract|line|deal|partner)
      (?:that|which|to|takes|instead)
    (?:instead|rather)(?: of)?
    g(?:ive|ives|ave|iven|iving) way to
    to succeed the
    ceased? to (?:apply|be in force)
    core of a new (?:pact|treaty|accord|agreement|deal)
    takes over (?:most of |much of )?the earlier
    (?:switch(?:es|ed|ing)?|turn(?:s|ed|ing)?) to (?:an?|the)? ?(?:other|another|new|rival|different|\w+ (?:route|supplier|contractor|firm|builder|bid|offer))
    successor (?:treaty|agreement|accord|pact|deal)
    swallowed up by
    merged into
    puts? an end to the plan
    (?:now|will) (?:run|go|goes|runs|be built|be laid) (?:through|by way of|via|round|around|along)
    by another (?:route|way)
    avoids? (?:the|its) \w+ (?:altogether|entirely)
    awarded (?:\S+ ){0,4}?to (?:another|a rival|an?other)
    awarded to (?:another|a|the|\w+) instead
    (?:chose|chosen|picked|opted for|preferred|prefers|selected) (?:\S+ ){0,4}?(?:line|route|supplier|bidder|builder|contractor|pipeline|corridor|port|offer)
    (?:made|makes|making) way for
    overtaken by
    (?:folded|absorbed) into
    renegotiated
    lapsed? (?:when|as) (?:the )?new
""".replace("\n      ", " ")
)

BREACH = pattern(rf"""
    (?:withdr(?:aw|aws|ew|awn|awing)|pull(?:s|ed|ing)? out|quit(?:s|ting)?|walk(?:s|ed|ing)? (?:out|away)|left|leav(?:es|ing)|exit(?:s|ed|ing)?) (?:from |of |out of )?(?:the |its |their |both )?(?:\S+ ){{0,3}}?{ACCORD_NOUN}
    pull(?:s|ed|ing)? out
    (?:no longer|not) (?:be |feel |considers? (?:itself|himself) |felt )?bound
    no longer (?:exist|valid|in force|feasible|apply|applies|part of|recogni[sz]es?|honou?r)(?:ed|s)?
    cancel(?:s|led|ling|lation)?
    call(?:s|ed|ing) off
    scrap(?:s|ped|ping)(?= (?:the|its|their|a|plan|deal|project))
    (?:terminat|denounc|repudiat|renounc|abrogat|annul|revok|rescind|void|nullif|abandon|ditch|renege|jettison|dump)(?:es?|s|ed|ing|led|ling|ied|ation|d on|s on)?
    (?:tore|tear|tears|torn|ripped) up
    (?:violat|breach|flout|trampl)(?:es?|ed|ing|ions?)?(?= |\.|,)
    broke (?:the|its|their|his|an?|off|\w+ (?:promise|pledge|word))
    (?:breaks?|broken|breaking) (?:the|its|their|his|an?|with|off|\w+ (?:promise|pledge|word))
    (?:in )?(?:breach|violation|defiance) of
    (?:suspend(?:s|ed|ing)?|suspension)
    (?:attack(?:s|ed|ing)?|invad(?:es|ed|ing)|bomb(?:ed|ing|s)|shell(?:ed|ing)|raid(?:s|ed)?|storm(?:ed|s)|overran|assault(?:ed|s)?|occup(?:ied|ies))
    (?:invasion|offensive|airstrikes?|air strikes?|incursion|coup|massacre|onslaught)
    (?:seiz|captur|storm|took .{{0,20}} captive|annex|nationali[sz]|confiscat|expropriat)(?:es?|ed|ing)?
    (?:refus|reject|rebuff|spurn)(?:es?|s|ed|ing|al|als)?
    will not (?:now )?(?:sign|build|pay|go|take|be|give|hand|honou?r|join|ratify|accept|deliver|buy|sell|return|leave|withdraw|close|proceed|come|let|allow|send)
    would not (?:be (?!able|held|the|in)\w+|keep|sign|build|pay|hand|honou?r|join|ratify|deliver|buy|sell|return|leave|withdraw|close|proceed|let|allow|send|carry out|fulfil|now)
    (?:demolish|blew|blow|blown)(?:es|ed|s|ing)?(?: up)?
    (?:expel|evict|arrest|deport|execut)(?:s|led|ed|ling|ing)?
    jailed
    (?:resum|restart|reactivat|relaunch)(?:es?|s|ed|ing|d)? (?:\S+ ){{0,4}}?(?:tests?|testing|enrichment|bombing|fire|fighting|war|attacks|launch\w*|whaling|production|reprocessing|hostilities|raids|work at the)
    (?:nuclear|missile|rocket|atomic) (?:test|blast|explosion)
    (?:conduct|carried out|set off|detonat|explod|test|fir)(?:s|ed|ing)? (?:\S+ ){{0,4}}?(?:bomb|device|missiles?|rockets?|weapon|shells|nuclear)
    (?:backed|backs) (?:out|down)
    (?:struck|cut|drop(?:s|ped)|delet(?:es|ed)) (?:\S+ ){0, 4}?(?:from|out of) (?:its|the|their|his) (?:\S+ )?(?:budget|plans?|agenda|programme|list|books)
    (?:call(?:s|ed)|order(?:s|ed)|pull(?:s|ed)) (?:its|their|the|his|back|home) (?:\S+ ){0, 3}?(?:home|back)
    threw out
    backtrack(?:s|ed|ing)?
    went back on
    (?:defied|defies|defying|disregard(?:s|ed)|ignored)
    opened fire
    (?:sent|sends) (?:\S+ ){0, 2}?(?:troops|tanks|planes|jets|soldiers|warships|bombers) (?:into|against|across|back)
    (?:deposed|ousted|toppled|overthr(?:ew|own))
    martial law
    declar(?:ed|es) (?:\S+ ){1, 5}?(?:dead|null|void|finished|invalid|at an end)
    unravel(?:s|led|ling)?
    broke the seals?
    (?:took|takes|taken|taking) back (?:the |its |his |their )?(?:offer|word|promise|pledge)
    withdr(?:ew|awn|aws?) (?:the |its |his |their )?(?:offer|pledge|promise|bid)
    (?:cut|cuts|cutting|turned|shut|switched) off
    (?:re-?impos|impos)(?:es?|ed|ing|ition)?
    (?:revers|undid|undo|undone|rolled? back|overturn|struck down|repeal)(?:es?|s|ed|ing|al)?
    vetoe?d
    vot(?:ed|es|ing) (?:\S+ ){{0,4}}?(?:against|down|to leave|to cancel|to stop|to end|out)
    (?:back(?:s|ed|ing)?|pulled|drew|went|goes|gone|going) (?:out of|back on|away from)
    (?:troops|tanks|forces|columns|soldiers|units|army|convoys?) (?:\S+ ){{0,4}}?(?:crossed|marched|rolled|drove) into
    (?:halt(?:s|ed|ing)?|stop(?:s|ped|ping)?) (?:the |its |all |their )?(?:\S+ ){{0,3}}?(?:deliver\w+|suppl\w+|payments?|shipments?|cooperation|aid|exports?|flow|inspections?|work|gas|oil)
    (?:aid|budget|funds?|funding|level|share|spending|sum|supplies|deliveries|target)(?: \S+){{0,4}} (?:cut|cuts|slashed|reduced|fall)
    cut (?:its|the|their|aid|to|by)
    (?:back|returned?|reverted) to (?:war|arms|fighting|the bush|violence)
    war (?:resumed|broke out|again)
    (?:fighting|battles?|war|clashes|violence|shooting) (?:\w+ ){{0,3}}?(?:broke out|resumed|flared|erupted|in the capital|raged)
    (?:unilateral(?:ly)?)
    (?:end|ends|ended|ending) (?:the |its |their )?(?:moratorium|truce|ceasefire|cease-fire|freeze|cooperation|participation|accord|agreement|pact|deal|treaty|membership|contract|lease)
    in (?:tatters|ruins|pieces|shreds)
    massacres?
    killed (?:tens|hundreds|thousands|dozens|scores)
    (?:took|taken|takes) up (?:\S+ ){{0,6}}?again
    turn(?:s|ed|ing) down
    no longer act
    told (?:\S+ ){{0,5}}?to (?:stop|leave|go|quit)
    ordered (?:\S+ ){{0,8}}?out of the country
    above the agreed
    (?:raised|more than|double|twice) (?:\S+ ){{0,3}}?(?:agreed|laid down|allowed)
    neither free nor
    denied (?:entry|access)
    (?:armed men|gunmen|tanks|troops) (?:held|seize|seized|took|fired|rolled|surrounded)
    (?:fresh|more|new) (?:\S+ )?(?:troops|units|divisions|columns) (?:had |have )?(?:crossed|entered|arrived|moved)
    use of (?:troops|force)
    wants? (?:\S+ ){{1,3}}?out
    lose (?:their )?rights
    collaps(?:e|es|ed|ing)
    dead letter
    is dead
    (?:smuggl|cheat|conceal|secretly|clandestin)\w*
    (?:closed|shut|blocked|sealed) (?:the|its|their|both|all)
    put an end to
    gives? up the
    dropp(?:ed|ing) (?:the|its|out)
    (?:raised|raises|raising) (?:the |its )?(?:tariffs?|duties|customs)
    has? (?:gone|went) back
    default(?:s|ed|ing)?
    (?:stops|stopped) paying
    threw (?:\S+ ){{0,4}}?out
    gave (?:\S+ ){{0,5}}?notice
    at an end
    br(?:oke|eaks|oken) (?:with|ties|relations)
    (?:took|takes|taken|pulled) (?:\S+ ){{0,6}}?out of the
    (?:project|plans?|deal|pipeline|accord|agreement|treaty|pact|line|scheme|truce|ceasefire) (?:is|was|has been|had been|were) (?:now )?(?:over|dead|finished|off|buried|shelved for good|dropped|destroyed|shattered)
    (?:drop(?:s|ped)|giv(?:es|ing) up|gave up|walk(?:s|ed) away from|buried) (?:the|its|their|his) (?:\S+ )?(?:project|plan|scheme|offer|pipeline|pledge|promise)
    kick(?:s|ed) out
""")

ABSENT = pattern(r"""
    no (?:progress|sign|result|step|steps|date|headway|movement|agreement|accord|follow-up|meeting|money|work|new date|end in sight|decree|response|reply|answer|trace|payment|breakthrough|word|news|mention|vote|law|talks|train|trains|ships?|marker|refugee|prisoner)
    (?:made|makes|making) no mention
    only in passing
    (?:has|have|had|is|are|was|were|did|does|do|could|can)(?: still| yet)?(?: not|n't)
    cannot
    (?:has|have|had|is|are|remains?) (?:still |as )?yet to
    (?:without|with) (?:a |any |no )(?:single |new |\S+ )?(?:gun|result|agreement|accord|date|deal|progress|outcome|decision)
    (?:nobody|none of|none|no one|nothing|neither|not one|not a single|no \w+ (?:has|have|had|was|were|is))
    miss(?:es|ed|ing)?
    (?:deadline|date|term|target|time limit)s? (?:\S+ ){0,3}?(?:passed|slipped|expired|lapsed|ran out|went by|moved|missed|gone)
    (?:postpon|delay|defer|adjourn|shelv)(?:es?|s|ed|ing|ement|al)?
    (?:put|puts|putting) (?:off|back)
    (?:pushed|moved|set) back
    (?:froze|frozen|freezes?|freezing|stall(?:s|ed|ing)?|deadlock(?:ed)?|standstill|stalemate|impasse|gridlock|limbo|stuck|bogged|languish\w*|dormant|idle|paralys\w+)
    on (?:hold|ice|paper only|the shelf)
    (?:exists?|remains?|only|just) on paper
    block(?:s|ed|ing)?
    (?:fail(?:s|ed|ing|ure)?|failed)
    (?:remain|remains|remained|stays?|stayed|stand|stood|stands|sits?|lies?|lay|is|are|still) (?:\w+ )?(?:shut|closed|empty|unpaid|unfinished|unbuilt|unsigned|unratified|undone|open|untouched|in place|unopened|occupied|idle|divided|where|outstanding|unfulfilled|stuck|unresolved)
    un(?:paid|ratified|signed|built|finished|fulfilled|implemented|resolved|kept|met)
    (?:behind|short of) (?:schedule|plan|target|the (?:target|goal|sum|mark|plan|promise))
    far (?:behind|below|short|less|from)
    (?:only|just|barely|less than|fewer than|hardly) (?:a )?(?:\S+ )?(?:fraction|handful|few|half|third|quarter|tenth|fifth|\d\S*)
    (?:fell|falls|fallen) (?:far |well )?(?:short|behind|through)
    (?:break|broke|breaks|broken) (?:down|up|off)
    (?:talks|meeting|round) (?:\S+ ){0,4}?(?:end|ended|ends|fail|failed|closed|collapsed|break|broke)
    (?:lapsed?|expired|ran out)
    (?:await|waits?|waiting|waited)(?:s|ed|ing)? (?:for|on|a|the)
    held up
    pause[sd]?
    long (?:after|past) the (?:date|deadline|term)
    (?:is|are|was|were|now|long) overdue
    (?:years?|months|weeks) behind
    in doubt
    object(?:s|ed|ion|ions) to
    (?:shortfall|arrears)
    scarcely
    still (?:no|not|waiting|without|awaits?|lacks?|stands|holds|has|have|unable|missing|to be)
    (?:lack|lacks|lacking|absence) of
    (?:holds?|held) back
    nowhere
    mothballed
    (?:as|just like|same as) (?:before|ever)
    as \w+ as (?:ever|before)
    (?:unchanged|grounded|under lock and key|business as usual)
    gather(?:s|ed|ing) dust
    without (?:so much as )?(?:a|any|one) (?!single|new|break|hitch|incident|delay|pause|interruption|problem|shot|fight)\w+
    the old (?:rates?|prices?|tariffs?|rules?|terms)
    still (?:pay|pays|wait|waits|charge|charges|cross|need|lack)
    in abeyance
    (?:founder|fizzl|peter)(?:s|ed|es)(?: out)?
    (?:hit|hits) (?:a |new )?(?:snags?|walls?|trouble|obstacles?|delays?)
    (?:come|comes|came) to (?:nothing|naught|a standstill|a halt)
    (?:ground|grinds|grinding) to a halt
    on the back burner
    half-(?:built|finished)
    (?:rusts?|rusting|overgrown|unused|undelivered|unspent)
    never (?:been )?(?:\w+(?:ed|en)|came|took|began|left|built|met|sent|paid)
    foot-dragging
    stonewall(?:s|ed|ing)?
    more time
    new deadline
    came and went
    has lost
    cut off since
    (?:two|three|four|five|six|seven|ten|a) years? (?:on|after)(?:,|$)
    (?:faded|forgotten|silence|gathering dust|gathers dust)
    dragged? (?:its|their|on)
    (?:stop|stopped|halted|suspended) (?:because|for lack|since)
    move[sd]? to (?:20|19)\d\d
    (?:linked|tied) (?:it|them|the matter|the \w+)? ?to
    blame[sd]?
    impossible
    few (?:guns|weapons|steps|results|of)
    (?:went|gone|goes|go|passe[sd]) by (?:quietly|without|with no|unmarked)
    (?:date|day|deadline|year) passes
    f(?:ell|alls|allen) apart
    left out
    but not the
    barely (?:grew|moved|began|started)
    dip(?:s|ped)?
    slip(?:s|ped)?
    (?:voted|votes) (?:\S+ ){0,6}?against (?:paying|money|funds|funding)
    (?:bars?|barred|forbids?|forbade|forbidden|withh(?:eld|olds?)) (?:\S+ )?
    still (?:held|holds|keeps|kept|occup\w+|closed|shut)
    not (?:yet|one|begun|been|met)
    (?:suspend|suspends|suspended|freezes?) (?:until|for|the (?:talks|work|ratification|line))
    rule[sd]? out
    (?:make|makes|made|making) little
    little (?:progress|has|was|came|sign)
""")

FULFIL = pattern(r"""
    (?:complet(?:e|es|ed|ing|ion)|finish(?:es|ed|ing)?|fulfill?(?:s|ed|ing|ment)?|accomplish(?:ed)?)
    (?:the |its |their )?(?:last|final|remaining)(?= (?!(?:\w+ )?(?:hurdles?|obstacles?|ally|member|country|state|parliament|approval|permits?|joint|weld|rail|stone|beam|girder|spike)\b|day|days|moment|minute|time|talks|round|word|decision|offer|chance|week|month|year|summer|spring|autumn|winter|extension|monday|tuesday|wednesday|thursday|friday|saturday|sunday))
    in full
    given (?:\S+ )?access
    access to (?:every|all)
    belong(?:s|ed) to
    (?:has|have|had) held (?:since|for|between|ever)
    proclaimed the independence
    chose independence
    the end of (?:\S+ ){0,2}?(?:rule|occupation|garrison|presence)
    ended \S+ years of
    go(?:es|ne)? (?:back )?to (?:the )?polls
    (?:was|were) (?:then )?shut
    (?:writ(?:es|ten)|wrote|struck|wiped) (?:off|out)
    took over
    clear of
    hoist(?:s|ed)
    flags? (?:go|goes|went) up
    (?:government|cabinet|administration|council|court|commission) (?:\S+ ){0,4}?was formed
    (?:came|come|comes) back into force
    swapped
    made law
    hand(?:s|ed) down (?:its|the|a) (?:ruling|verdict|award|judgment)
    certif(?:ies|ied)
    open(?:s|ed) the (?:\S+ )?(?:crossing|bridge|line|tunnel|railway|office|border|gate|road|pipeline|dam|terminal|port|canal|embassy|plant|station)
    allowed (?:\S+ ){0,8}?again
    (?:removed|struck|taken) (?:\S+ ){0,4}?(?:from|off) (?:the|its) list
    not (?:a|one) (?:single )?(?:\S+ ){0,2}?left
    (?:fully|entirely|wholly|completely) (?:\w+ed|carried|paid|in force)
    (?:all|every|both) (?:of )?(?:the |its |their |\d+ |\S+ )?(?:\w+ ){0,3}?(?:has|have|had|were|was) (?:now |been |all )*(?:\w+ed|left|gone|met|freed|paid|sent|home|handed|destroyed|given)
    (?:given up|gave up) all
    (?:none|nothing|not one|no(?:t a single)? (?:more )?(?:soviet|foreign|american|\w+) (?:soldiers?|troops?|weapons?|missiles?|reactors?)) (?:of them )?(?:is |are |was |were )?(?:left|remained?|remains)
    (?:hand(?:s|ed)|turn(?:s|ed)|sign(?:s|ed)) (?:\S+ )?(?:\S+ )?over
    (?:passed|reverted|returned|ceded|restored) to
    (?:came|come|comes|went|goes|put|brought) into (?:service|operation|use|being)
    (?:open(?:s|ed)|inaugurat(?:es|ed)|unveiled)(?! (?:talks|the way|fire))
    (?:was|were|has been|have been|is|are) (?:\w+ )?(?:opened|inaugurated|released|freed|lifted|paid|repaid|delivered|sworn in|installed|elected|returned|destroyed|dismantled|removed|abolished|handed|demobilised|restored|closed|built|settled|met|reached|admitted|extradited|established|founded|born|held|transferred|received|scrapped|ended|withdrawn|dissolved|commissioned|launched|connected|cleared|reopened|exchanged|flown|repatriated|disbanded|certified|ratified by all)
    (?:lift(?:s|ed)|scrapped|abolish(?:es|ed)|remov(?:es|ed)) (?:the |its |all |their |most )?
    (?:paid|pays|repaid|repays|transferred|wired|settled|cleared) (?:off|back|out|the|its|all|over|in)
    (?:met|meets|reach(?:ed|es)|pass(?:ed|es)|hit|hits|exceed(?:s|ed)|top(?:s|ped)|attained) (?:its|the|their|both|all) (?:\S+ ){0,2}?(?:target|goal|mark|date|deadline|ceiling|limit|sum|term|obligation|pledge|promise|level)s?
    (?:target|goal|mark|ceiling|limit|deadline|promise|pledge)s? (?:\w+ )?(?:met|reached|kept|passed|honou?red|exceeded)
    (?:kept|keeps|honou?r(?:s|ed)|made good|makes good) (?:its|his|her|their|the|on)(?: \S+)? ?(?:word|promise|pledge|side|part|commitment|bargain)?
    (?:has|have|had) (?:now |all |since )?(?:left|gone|withdrawn|disarmed|freed|released|joined|delivered|destroyed|paid|closed|been set up|gone home)
    (?:sworn in|took (?:office|the oath|its oath|his oath|their oath|over)|takes (?:office|over)|seated|voted in)
    (?:leave|leaves|left|flew|fly|flies|sailed|crossed|walked|return(?:s|ed)?|went|go|goes|came|come|comes|back) home
    carried out
    off (?:the )?list
    (?:is|was|were) (?:no more|over|closed|complete|done|gone|free|home|back|independent|born|ready|shut for good)
    free on
    (?:join(?:s|ed)|becomes?|became|admitted|accession|entered) (?:\S+ ){0,5}?(?:member|members|union|alliance|club|organisation|euro|nato)
    arriv(?:e|es|ed|al) (?:in|at|on|home|with)
    (?:deliver(?:s|ed)|landed|docked|shipped)
    (?:releas|freed|frees|free)(?:es|ed|s)?(?= )
    (?:dissolv|disband|demobilis|dismantl|destroy|scrapp|eliminat|burn|sank|sunk)(?:ed|es|t)
    case closed
    had (?:reported|gathered|assembled) (?:to|at|in)
    (?:bec(?:ame|omes)|into) law
    (?:came|comes|drew|draws) to (?:an end|a close)
    as (?:promised|agreed|pledged|planned|foreseen|laid down|provided)
    (?:was|were|has been|have been|is|are) (?:now |all |fully )?(?:implemented|honoured|kept|carried out|supplied|provided|granted|repealed|halved|recognised|recognized|evacuated|vacated|decommissioned|deactivated|switched off|shut down|put into effect)
    in (?:the )?hands of
    (?:has |have |had )?(?:disarmed|ended|withdrawn)
    (?:cast|went to the polls|elect(?:ed|s))
    (?:won|took) (?:\S+ ){0,4}?(?:seats|votes|per cent|majority|election|ballot)
    independen(?:ce|t)
    flag (?:came down|was lowered|was raised|went up|raised|lowered)
    (?:lower(?:ed|s)|rais(?:ed|es)|haul(?:ed)? down) (?:the |its |their )?(?:\S+ )?flag
    first (?:\S+ ){0,3}?(?:flight|train|ship|vessel|lorry|car|gas|oil|flights|trains|cargo|power|freighter|trucks|traffic|electricity|passengers)
    now (?:in force|open|in service|complete|at work|runs|flows|carries)
    (?:runs?|flow(?:s|ed|ing)?|carrie[sd]|ran) (?:through|between|from|across|over|along|to|its)
    work(?:ed|ing)? (?:under one roof|side by side)
    settl(?:es|ed) (?:the|its) (?:debt|bill|account)
    on time
    (?:went|passed) through (?:the|it)
    gave (?:\S+ ){0,4}?(?:per cent|billion|million|tonnes)
""")

ADVANCE = pattern(r"""
    (?:ratif(?:y|ies|ied|ication)|approv(?:e|es|ed|al)|pass(?:es|ed) (?:the|a|an|it)|assent|endors(?:es|ed)|adopt(?:s|ed|ion)|confirm(?:s|ed)|voted? (?:for|to|by))
    (?:began|begin|begins|begun|beginning|start(?:s|ed|ing)?|commenc(?:ed|es)|under way|underway|kick(?:s|ed) off|open(?:s|ed) (?:works?|talks))
    (?:first|second|third|fourth|next|new|another|further|fresh) (?:\S+ )?(?:stone|batch|stage|step|phase|round|group|part|payment|instalment|tranche|load|loads|stretch|section|camps?|rockets?|weapons|act|shipment|cargo|units?|contingent|column|piece|marker|sod|pillar|reduction|cut|convoy|men|troops|buses|families|plane|planes|consignment|deliver\w+|concrete|delivery|lot|slice|half|third|pipe|pipes|cuts|funds|visit|inspection|site|sites|turbine)
    (?:foundation|corner)[- ]?stone
    (?:ground (?:is |was )?broken|breaks ground|broke ground|sod)
    (?:award(?:s|ed)?|won|sign(?:s|ed)?|conclud(?:ed|es)|let|placed?) (?:\S+ ){0,3}?(?:contract|contracts|order|orders|protocol|loan)
    (?:paid|pays|transferred|disburs(?:ed|es)|released|sent|hand(?:ed|s) over|deliver(?:ed|s)|ship(?:ped|s)|return(?:ed|s)|destroy(?:ed|s)|freed|free|flown|scrapped|withdr(?:ew|awn)|removed|dismantled|closed|pulled (?:back|out of)|left|moved) (?:some|part|half|about|more than|almost|nearly|over|the first|a first|an? |\d|two|three|four|five|ten|twenty|several|hundreds|thousands|most)
    weld(?:ed|s)?
    (?:dug|drilled|poured|erected|installed|laid)
    (?:go-ahead|signed off|trial run|test run|pilot)
    (?:clear(?:ed|s)) (?:the way|a hurdle|\S+ hurdle)
    last (?:\w+ )?(?:hurdle|obstacle|permit|rail|joint)
    green light
    earthworks
    gave (?:its|their|his) consent
    sign(?:s|ed) (?:\S+ ){0,6}?(?:agreement|text|statement|protocol|treaty|declaration|memorandum|convention)
    (?:orders|contracts) (?:\S+ ){0,5}?gone out
    (?:half|third|quarter|fifth|two thirds|most|part|some|majority|a third|three quarters) of
    (?:took|takes|taken|come|came|comes|put|puts|putting|enter(?:s|ed)?|went|goes) (?:into |in )?(?:effect|force)
    in force
    (?:commission|committee|working group|board|team|panel|fund|mission|office|secretariat|consortium|company) (?:\S+ ){0,3}?(?:set up|met|meets|formed|founded|appointed|opened|named|established|seated|chosen|began|was created)
    (?:set up|sets up|form(?:ed|s)|found(?:ed|s)|appoint(?:ed|s)|name[sd]|establish(?:ed|es)|create[sd]) (?:a |an |the |its )?(?:joint )?(?:\S+ )?(?:commission|committee|group|board|team|panel|fund|mission|office|secretariat|consortium|company)
    (?:on|ahead of|before) (?:schedule|track|time|course|target)
    (?:design|designs|drawings|survey|surveys|surveying|study|studies|plans?|lists?|route|tender|bids|blueprint)s? (?:\S+ ){0,4}?(?:done|finished|complete|completed|ready|agreed|ordered|drawn up|drawn|submitted|begun|chosen|fixed|invited|launched|exchanged|handed)
    (?:so far|to date|by now|already)
    (?:progress|advance[sd]?|step|headway|moved? (?:forward|ahead)|going (?:ahead|forward)|goes (?:ahead|on)|proceed(?:s|ed|ing)?|continu(?:es?|ed|ing))
    (?:agreed|settled|fixed|laid down|worked out|lists) (?:on |the |a |how |names|terms|dates)?
    (?:met|exchange[sd]?) (?:\S+ ){0,3}?(?:papers|instruments|lists|proposals|data|names)
    (?:inspect|check|verifi|count|certifi|monitor|photograph|measur)ed
    (?:inspectors|observers|monitors|surveyors|engineers|surveyors) (?:\S+ ){0,2}?(?:arrived|entered|began|measured|flew|went|visited)
    (?:fell|fall|falls|dropped|reduced|shrank|shrunk|smaller|cut|down) (?:sharply|by|to|from|its)
    (?:reported|said) (?:that )?(?:\S+ ){0,6}?had (?:left|come|gone|handed|met|begun|withdrawn)
    (?:grant(?:ed|s)?|allocat(?:ed|es)|earmark(?:ed|s)|provid(?:ed|es)|set aside|lent|lend|lends|loans?|raised|contribut(?:ed|es)|gave|pledged)
    (?:built|building|construction|laying|laid|rising|being built)(?= )
    works? (?:on|at|began|go|goes|is|are)
    (?:train(?:ed|ing|s)|arriv(?:ed|es)|sail(?:ed|s)|landed|flew|brought|crossed|carried)
    (?:resum(?:ed|es|ption)|re-?open(?:ed|s)|restor(?:ed|es))
    (?:ahead|partly|partial|gradual(?:ly)?|step by step|in stages)
    (?:extended|prolonged|renewed)
    (?:put|puts) (?:\S+ ){0,5}?beyond use
    (?:show|shown|launch|launched|introduced|tabled|submitted)
    (?:reopens?|opens?|opened)
    has stayed
""")

DENY = pattern(r"""
    den(?:y|ies|ied|ial|ials)
    disput(?:e|es|ed)
    contradict(?:s|ed)?
    (?:call(?:s|ed)|describe[sd]) (?:it|this|that|the \w+) (?:a show|a sham|a lie|untrue|false|baseless|theatre|propaganda)
    (?:dismiss|rebut|refut|reject)(?:es|ed|s|ted)? (?:\S+ ){0,3}?(?:reports?|claims?|accusations?|charges?|allegations?|rumou?rs?)
    (?:untrue|false|baseless|groundless|fabricat\w+)
    (?:repl(?:y|ied)|insist(?:s|ed)|maintain(?:s|ed)|claim(?:s|ed)|argu(?:es|ed)) (?:that )?(?:\S+ ){0,8}?(?:not|no|never)
    (?:accus|charg)(?:es|ed) (?:\S+ ){1,6}?(?:of (?:lying|breaking|not|failing|keeping))
""")

SUBSTANTIAL = pattern(r"""
    (?:about |nearly |almost |more than |over )?(?:half|two[- ]thirds|three[- ]quarters|most|majority|the greater part|much)(?: of)?
    (?:[5-9]\d|5\d) per cent
    nearly all
    almost all
    first phase
    ahead of schedule
    for (?:two|three|four|five|six|seven|eight|nine|ten|several|many) years
    second
    third
    thousands
    stayed
""")
