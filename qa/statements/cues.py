"""Holds the verbs by which news says who said something; knows nothing of texts."""

import re
from collections.abc import Iterator

from qa.wordlists import words


def _forms(verbs: str) -> dict[str, tuple[str, ...]]:
    """Past, present and participle of regular verbs."""
    made: dict[str, tuple[str, ...]] = {}
    for verb in verbs.split():
        if verb.endswith("y") and verb[-2] not in "aeiou":
            made[verb] = (f"{verb[:-1]}ied", f"{verb[:-1]}ies", f"{verb}ing")
        elif verb.endswith("e"):
            made[verb] = (f"{verb}d", f"{verb}s", f"{verb[:-1]}ing")
        else:
            ending = "es" if verb.endswith(("sh", "ch", "s")) else "s"
            made[verb] = (f"{verb}ed", f"{verb}{ending}", f"{verb}ing")
    return made


# take a clause without "that" as well ("said it was over")
_CLAUSE = _forms(
    """add claim insist warn argue announce acknowledge allege confirm declare explain hint joke maintain note
    observe pledge promise reply reveal state stress suggest testify tweet vow predict complain concede contend
    boast remark reiterate emphasise emphasize assert caution disclose estimate recall conclude believe deny
    repeat respond agree report assure inform notify recount relate forecast threaten"""
) | {
    "say": ("said", "says", "saying"), "tell": ("told", "tells", "telling"),
    "write": ("wrote", "writes", "writing"), "swear": ("swore", "swears", "swearing"),
    "admit": ("admitted", "admits", "admitting"),
}  # fmt: skip
del _CLAUSE["believe"]  # a thought, not a speech
# tell of speech with a quotation beside them only
_QUOTING = _forms(
    """ask call describe dub brand label praise commend criticise criticize condemn slam blast hail accuse urge thank
    answer demand post exclaim protest snap retort shout yell scream whisper mutter murmur sigh laugh comment
    continue mock denounce dismiss blame apologise apologize order question interject interrupt chant text
    roar groan bellow email welcome lament counter complain muse gush correct interject plead beg pray implore enthuse
    gasp grumble moan jeer taunt tease chide scold admonish reassure remind clarify elaborate recite narrate theorise
    speculate philosophise reflect marvel sneer scoff gloat joke jest deadpan growl bark hiss wail sob weep stammer
    mumble drawl rasp chuckle giggle cackle fume rage thunder boom intone volunteer venture advise counsel instruct
    command defend attack deride ridicule characterise characterize summarise summarize applaud toast salute"""
) | {
    "quip": ("quipped", "quips", "quipping"), "cry": ("cried", "cries", "crying"),
    "rant": ("ranted", "rants", "ranting"), "go on": ("went on", "goes on", "going on"),
    "used to say": ("used to say", "liked to say", "likes to say", "loved to say"),
    "would say": ("would say", "will say"),
    "would tell": ("would tell", "will tell", "used to tell"),
    "put it": ("put it", "puts it", "putting it"), "rail": ("railed", "rails", "railing"),
    "speak of": ("spoke of", "speaks of", "speaking of"), "talk of": ("talked of", "talks of", "talking of"),
    "point out": ("pointed out", "points out", "pointing out"), "hit back": ("hit back", "hits back", "hitting back"),
    "shoot back": ("shot back", "shoots back", "shooting back"),
    "fire back": ("fired back", "fires back", "firing back"),
    "chime in": ("chimed in", "chimes in", "chiming in"), "chip in": ("chipped in", "chips in", "chipping in"),
    "weep": ("wept", "weeps", "weeping"), "sing": ("sang", "sings", "singing"), "beg": ("begged", "begs", "begging"),
    "sob": ("sobbed", "sobs", "sobbing"), "pray": ("prayed", "prays", "praying"),
}  # fmt: skip

# say something only where they stand right beside the words: “Yes,” she smiled
_TAGS = _forms(
    """smile grin hold nod shrug frown wink beam start allow reason wonder reckon guess offer suggest rejoin finish
    manage echo opine retweet sniff snort sneer cheer warn gloat read recommend intervene"""
) | {
    "begin": ("began", "begins", "beginning"), "think": ("thought", "thinks", "thinking"),
    "read": ("read", "reads", "reading"),
}  # fmt: skip

FORMS = {verb: frozenset(forms) for verb, forms in (_CLAUSE | _QUOTING).items()}  # its forms, by the plain verb
CLAUSE_CUES = frozenset(form for forms in _CLAUSE.values() for form in forms)
QUOTING_CUES = frozenset(form for forms in _QUOTING.values() for form in forms)
TAG_CUES = frozenset(form for forms in _TAGS.values() for form in forms) - CLAUSE_CUES - QUOTING_CUES
OBJECT_CUES = words("praised praises commended commends denied denies condemned condemns criticised criticized")
# take a noun as readily as a clause: without "that" they need a verb in their clause
NOUN_OBJECT_CUES = words(
    """announced announces announcing confirmed confirms confirming revealed reveals revealing disclosed discloses
    disclosing recalled recalls recalling explained explains explaining repeated repeats repeating declared declares
    declaring predicted predicts predicting reported reporting forecast forecasts stressed stressing emphasised
    emphasized acknowledged acknowledges recounted recounts related relates threatened threatens assured assures claimed
    tweeted tweeting wrote writes writing told tells warned informed notified promised pledged noted observed"""
)
# read as plural nouns as often as verbs: they need a name or a pronoun before them
NOUN_LIKE = words(
    """claims calls demands notes promises states posts comments reports estimates orders warns answers replies
    questions cries laughs shouts texts emails labels brands pledges vows tweets stresses hints remarks
    welcomes counters screams sighs whispers recalls complaints protests saying writing brands hails"""
)
PARTICIPLES = frozenset(
    form for forms in (*_CLAUSE.values(), *_QUOTING.values(), *_TAGS.values()) for form in forms[2:]
)
QUESTION_CUES = words("asked asks asking questioned questions")
REPLY_CUES = words("replied replies answered answers retorted retorts countered counters responded responds") | {
    "shot back", "hit back", "fired back",
}  # fmt: skip
TELLING_CUES = words("told tells telling warned warns warning promised assured reminded informed notified")
NO_INVERSION = words("told tells called calls described describes praised praises read reads thought thinks")
# what a passive says of its agent: "was branded ‘a disgrace’ by campaigners"
PASSIVE_CUES = words(
    """called described dubbed branded labelled labeled praised hailed slammed condemned criticised criticized denounced
    told warned informed advised dismissed blasted mocked derided ridiculed accused characterised characterized"""
)

_WORDS = re.compile(
    r"(?<![\w\-’'])(?:[Aa]ccording to|puts? it|putting it|(?:went|goes|going) on|"
    r"(?:liked|likes|loved|used|would|will) (?:to )?(?:say|tell)|(?:spoke|speaks|speaking|talk(?:ed|s|ing)) of|"
    r"point(?:ed|s|ing) out|(?:hit|hits|hitting|shot|shoots|shooting|fire[ds]|firing) back|"
    r"chi(?:med?|ming|pped|ps|pping) in|[a-z]+)(?![\w\-’'])"
)
ACCORDING = "according to"
CUES = CLAUSE_CUES | QUOTING_CUES | TAG_CUES | {ACCORDING}
PRONOUNS = words("he she they it i we you")
CONJUNCTIONS = "and|but|while|whereas|though|although"  # before a clause with a subject of its own
BE = words("was were is are am be been being gets got")
AUXILIARIES = BE | words("had has have would will could can may might must did does do should")
ADVERBS = words(
    """also later then now only still once again just even both all himself herself themselves earlier first
    often always simply soon today yesterday has had have would will could did does may might previously since
    instead too who’d he’d quickly likewise late early last week month year night morning afternoon evening
    repeatedly long himself herself itself merely famously sometimes usually never ever perhaps"""
)
NOT_ADVERBS = words("family ally bully assembly supply emily sally italy july reply rely fly")
PREPOSITIONS = words(
    """of for at from in with to near by about on against over under inside outside behind into after before
    during between among like as than"""
)
DETERMINERS = words(
    """the a an one two three four five six seven eight nine ten some several many most another other both his
    her their its my our this that these those each every no dozens hundreds few"""
)
STANDALONE = words("another one both others some many police officials")
SIGN_WORDS = re.compile(
    r"\b(?:signs?|banners?|placards?|posters?|headlines?|titles?|titled|T-shirts?|shirt|labels?|slogans?|song|"
    r"entitled|film|book|plaque|inscription|sticker|tattoo|named)\b"
)


def cues(masked: str, low: int, high: int) -> Iterator[re.Match[str]]:
    """The verbs of saying between two offsets, in order."""
    return (match for match in _WORDS.finditer(masked, low, high) if match[0].casefold() in CUES)
