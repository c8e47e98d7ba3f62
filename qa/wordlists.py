"""Holds the word lists by which names and statements are found; decides nothing itself.

All in lower case. They are closed lists of everyday English: a missing word costs coverage, never a wrong name.
"""

import re


def words(text: str) -> frozenset[str]:
    """The words of a list written as running text."""
    return frozenset(text.split())


def pairs(text: str) -> tuple[tuple[str, str], ...]:
    """The pairs of words of a list written as "one other; one other"."""
    return tuple((one, other) for one, other in (pair.split() for pair in text.split(";")))


TITLES = words(
    """president prime minister foreign secretary state chancellor senator sen rep representative congressman
    congresswoman gov governor mayor councillor councilman councilwoman alderman judge justice lord lady sir
    dame dr prof professor mr mrs ms miss mx king queen prince princess duke duchess pope archbishop bishop
    cardinal father rev reverend rabbi imam general gen colonel col captain capt major maj sgt sergeant lt
    lieutenant admiral adm commander cmdr corporal cpl private pvt chief police detective inspector
    superintendent constable pc officer deputy vice chairman chairwoman chair director coach labour tory mp
    democrat republican conservative opposition leader health finance defence defense home interior energy
    education justice attorney ambassador envoy speaker sheriff marshal matron nurse doctor aide spokesman
    spokeswoman spokesperson actor actress author singer farmer baker vet widow defendant critic poet critic
    painter goalkeeper captain manager midfielder striker promoter organiser organizer telly us uk u.s. u.k.
    ex-president former ceo aunt uncle coroner prosecutor barrister solicitor lawyer analyst economist
    professor pastor telegram shadow first second"""
)
# Past forms that no stemmer leads back to their verb.
PAST_FORMS = dict(
    pairs(
        """arose arise; ate eat; became become; began begin; begun begin; bit bite; bitten bite; blew blow; bore bear;
        bought buy; bred breed; broke break; broken break; brought bring; built build; burnt burn; came come; caught
        catch; chose choose; chosen choose; dealt deal; drawn draw; drew draw; driven drive; drove drive; dug dig;
        fallen fall; fed feed; fell fall; felt feel; fled flee; flew fly; flown fly; forbade forbid; forgave
        forgive; forgot forget; forgotten forget; fought fight; found find; froze freeze; frozen freeze; gave give;
        given give; went go; gone go; grew grow; grown grow; heard hear; held hold; hid hide; hidden hide; kept
        keep; knew know; known know; laid lay; lay lie; led lead; left leave; lent lend; lost lose; made make; meant
        mean; met meet; paid pay; ran run; risen rise; rose rise; said say; sang sing; sank sink; sat sit; saw see;
        seen see; sent send; shot shoot; shown show; shrank shrink; slept sleep; sold sell; sought seek; spent
        spend; spoke speak; spoken speak; stole steal; stolen steal; stood stand; struck strike; swam swim; swore
        swear; sworn swear; taken take; taught teach; thought think; threw throw; thrown throw; told tell; took
        take; tore tear; understood understand; withdrew withdraw; withdrawn withdraw; woke wake; won win; wore
        wear; wound wind; written write; wrote write"""
    )
)
FEMALE_TITLES = words(
    """mrs ms miss lady dame queen princess duchess actress widow mother wife daughter sister aunt mum mom
    congresswoman matron"""
)
MALE_TITLES = words("mr sir lord king prince duke father husband son brother uncle dad congressman")
POSTNOMINALS = words("jr sr qc kc mp obe mbe cbe phd md esq ii iii iv")
ABBREVIATIONS = words(
    """mr mrs ms dr prof sen rep gov gen col capt maj sgt lt adm cmdr cpl pvt rev st jr sr hon pres supt insp mt
    ft co corp inc ltd bros no vs etc u.s u.k a.m p.m e.g i.e jan feb mar apr jun jul aug sept oct nov dec"""
)
CALENDAR = words(
    """monday tuesday wednesday thursday friday saturday sunday january february march april june july august
    september october november december christmas easter"""
)
DAYS = "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
PLACES_AND_BODIES = words(
    """department house ministry office council committee congress senate parliament party union force forces
    bank group company corp corporation inc ltd plc llc co club united city town county road street avenue
    square bridge park school college university institute hospital church court times post news newsline
    agency association authority board bureau centre center commission council federation foundation fund
    society trust service services korea states kingdom republic nations america north south east west new
    river lake mount port bay island islands sea ocean valley river harbour harbor field airlines airways
    railway line foods paper securities energy motors holdings partners records studios television tv radio
    twitter facebook instagram labour assembly army navy corps guard league cup stadium airport station
    british american german french russian chinese japanese italian spanish european african asian indian
    canadian australian irish scottish welsh iranian israeli palestinian ukrainian turkish mexican english
    london paris berlin washington moscow beijing tokyo pyongyang brussels leeds europe africa asia germany
    france russia china japan italy spain iran iraq israel ukraine turkey mexico canada australia ireland
    scotland wales england britain"""
)
# capitalised only because a sentence starts with them
OPENERS = words(
    """the a an and but or nor so yet for in on at by to of from with without about after before during since
    until while when where why how what which who whose if unless although though because as than that this
    these those there here it its he she they we i you his her their our my your one two three four five six
    seven eight nine ten hundreds thousands dozens some many most several few both all any each every no not
    now then later earlier meanwhile however still also asked following according despite instead only another
    other others even once minutes hours days weeks last next today yesterday tomorrow speaking nobody
    everyone everybody someone nothing something just more less much such did does do is are was were has have
    had will would could should may might can must under over through among between against q officials police
    residents witnesses neighbours neighbors locals villagers staff investigators prosecutors lawyers
    firefighters shares prices asking read thank yes well oh"""
)
ROLE = re.compile(r"(?:er|or|ist|ian|man|woman|keeper|ess|eur|smith|ant|ent|boss|chef|mum|dad|cop|guard)s?$")
# first names that are one gender's alone in English-language news
FEMALE_NAMES = words(
    """abby abigail ada agnes alice alicia alison amanda amelia amy ana andrea angela anita ann anna anne annie
    astrid barbara bea beatrice beth betty brenda bridget carla carmen carol caroline catherine cathy
    charlotte christina christine claire clara claudia cynthia dana deborah debbie delia denise diana diane
    dolores donna doris dorothy edith eileen elaine eleanor elena elise elizabeth ella ellen emily emma erica
    esther eva eve evelyn faith fatima fiona florence frances gail georgia gina gloria grace greta gwen hannah
    harriet heather helen hilary hillary holly ida ines ingrid irene iris isabel isabella jane janet janice
    jean jennifer jenny jessica jill joan joanna josephine joyce judith judy julia julie karen kate katherine
    kathleen kathy katie laura lauren lena leila lila lily linda lisa lois louise lucille lucy lydia maeve
    margaret maria marie marion martha mary maureen megan melissa michelle mildred miriam molly monica nancy
    naomi natalie natasha nicole nina nora norma olga olivia pamela patricia paula peggy penelope phyllis pia
    priya rachel rebecca rita rosa rose rosemary ruth sally samantha sandra sarah sara sharon shirley sonia
    sophia sophie stella stephanie susan suzanne sunita sylvia sylvie tanya teresa tessa theresa tracy ursula
    valerie vanessa vera veronica victoria virginia vivian wendy winifred yvonne zoe"""
)
MALE_NAMES = words(
    """aaron abel adam adrian ahmed alan albert alec alexander alfred ali amir andrew andy anthony antonio armand
    arnold arthur barry ben benjamin bernard bill bob bobby boris brad bradley brian bruce carl carlos charles
    charlie christopher clive colin craig cyril dale daniel darren dave david dean dennis derek dominic don
    donald douglas duncan ed eddie edgar edmund eduardo edward edwin emil emmanuel eric ernest eugene felix
    fernando francisco frank fred frederick gareth gary geoff geoffrey george gerald gerard gilbert giles
    glenn gordon graham greg gregory guy hank hans harold harry hassan hector henrik henry herbert howard hugh
    hugo hussein ian ibrahim igor ike isaac issa ivan ivo jack jacob james jan jason jeff jeffrey jeremy
    jerome jim jimmy joe joel john johnny jonah jonathan jorge jose joseph juan julian justin karl keith ken
    kenneth kevin kyle lance lars larry laurence lawrence leo leon leonard leonardo lou louis luca lucas luke
    luis malcolm manuel marco marcus mark martin marvin matthew maurice max michael miguel mike mohamed
    mohammed muhammad neil nicholas nick nigel noah norman oliver omar oscar otto owen pablo patrick paul
    pedro peter phil philip pierre rafael raj ralph ray raymond rex richard rick robert roberto robin rod
    rodney roger roland ron ronald roy rupert russell sam samuel scott sean sebastian sergei sergio sidney
    sigmar simon stanley stefan stephen steve steven stuart ted terence terry theodore thomas tim timothy
    tobias todd tom tommy tony trevor victor vincent vladimir walter warren wayne wilf william yusuf"""
)
