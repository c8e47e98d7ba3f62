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
    """actor actress adm admiral agent aide ald alderman alderwoman ambassador analyst archbishop asst attorney aunt
    author ayatollah baker baron baroness barrister bishop brig brigadier canon capt captain cardinal cdr ceo
    chair chairman chairwoman chancellor chaplain chef chief cllr cmdr coach col colonel commander comptroller
    congressman congresswoman conservative constable coroner corporal councillor councilman councilwoman count
    countess cpl critic curate dame dc dcc dci deacon defence defendant defense democrat deputy det detective
    di director district doctor dr ds dsgt duchess duke earl economist education energy envoy ex-president farmer
    father finance firefighter first foreign former gen general goalkeeper gov governor guru health home hon imam
    insp inspector interior judge justice justices king labour lady lawyer leader lieutenant lord lt madam maestro
    maj major manager marshal master matron mayor messrs midfielder minister miss mp mr mrs ms msgr mx nurse
    officer opposition organiser organizer painter paramedic pastor pc poet police pope president prime prince
    princess private prof professor promoter prosecutor provost pvt queen rabbi rep representative republican rev
    reverend second secretary sen senator sergeant sgt shadow sheikh sheriff singer sir solicitor solicitor-
    general speaker special spokesman spokesperson spokeswoman state striker sub-lt superintendent supt swami
    telegram telly tory treasurer trooper u.k. u.s. uk uncle undersecretary us vet vicar vice viscount widow"""
)
# nouns by which news calls a person who has no name, or whose name it gave before ("the judge")
PERSON_NOUNS = words(
    """activist actor actress admiral adviser advisor aide ambassador analyst archaeologist archbishop architect
    artist astronaut astronomer attorney auctioneer aunt author backbencher baker banker barmaid barman barrister
    batsman billionaire biologist bishop blacksmith boss botanist bowler boxer boy brewer broadcaster broker
    brother builder burglar butcher butler campaigner candidate captain cardinal caretaker carpenter chair
    chairman chairwoman champion chancellor cheesemaker chef chemist chief clerk climber coach colleague colonel
    columnist comedian commander composer conductor congressman congresswoman constable cook coroner councillor
    councilman councilwoman counsellor counselor critic curator customer cyclist daughter dealer defendant
    defender delegate deputy designer detective diplomat director distiller doctor driver duchess duke ecologist
    economist editor electrician engineer envoy executive farmer father ferryman firefighter fireman fisherman
    fisherwoman florist forward founder friend gardener general geologist girl goalkeeper golfer governor
    granddaughter grandfather grandmother grandson greengrocer grocer guard guide gunman hairdresser headmaster
    headmistress headteacher heir heiress hiker historian host hostage housekeeper husband imam inmate insider
    inspector inventor investor islander jockey journalist judge juror justice keeper killer king landlady
    landlord lawmaker lawyer leader lecturer legislator librarian lieutenant lifeguard locksmith magnate major man
    manager mayor mechanic mediator midfielder midwife migrant millionaire miner minister monk mother mp murderer
    musician negotiator neighbor neighbour nephew niece novelist nun nurse nutritionist officer official organiser
    organizer owner painter paramedic partner passenger patient peer pensioner person photographer physicist pilot
    pitcher plaintiff player playwright plumber poet pope postman potter premier presenter president priest prince
    princess printer prisoner producer professor promoter prosecutor protester psychiatrist psychologist publisher
    pupil queen rabbi ranger referee refugee regent reporter researcher resident rider robber runner sailor
    scientist sculptor seamstress secretary secretary-general senator sergeant servant shepherd sheriff shopkeeper
    shopper singer sister skipper soldier solicitor son source speaker spokesman spokesperson spokeswoman spy
    statistician striker student superintendent surgeon survivor suspect swimmer tailor teacher teenager tenant
    therapist thief trader treasurer trooper tycoon umpire uncle vet veteran vicar vice-president victim villager
    volunteer waiter waitress walker warden weaver widow widower wife winemaker winger witness woman writer
    zookeeper zoologist"""
)
# nouns by which news calls a body that it has named before ("the bank")
BODY_NOUNS = words(
    """agency airline association automaker bank brewer brewery broadcaster campaign carmaker charity club college
    committee company council department developer distillery federation firm foundation group hospital institute
    insurer label league lender manufacturer ministry network newspaper operator organisation organization party
    publisher regulator retailer school shipbuilder society supermarket trust union university utility watchdog"""
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
    """actress alderwoman aunt barmaid baroness congresswoman countess dame daughter duchess headmistress heiress
    lady landlady madam matron miss mom mother mrs ms mum princess queen sister waitress widow wife"""
)
MALE_TITLES = words("mr sir lord king prince duke father husband son brother uncle dad congressman")
POSTNOMINALS = words("jr sr qc kc mp obe mbe cbe phd md esq ii iii iv")
ABBREVIATIONS = words(
    """mr mrs ms dr prof sen rep gov gen col capt maj sgt lt adm cmdr cpl pvt rev st jr sr hon pres supt insp mt
    cllr det ald brig msgr asst
    ft co corp inc ltd bros no vs etc u.s u.k a.m p.m e.g i.e jan feb mar apr jun jul aug sept oct nov dec"""
)
CALENDAR = words(
    """monday tuesday wednesday thursday friday saturday sunday january february march april june july august
    september october november december christmas easter"""
)
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")  # as they begin
AUXILIARIES = "did|does|do|is|are|was|were|has|have|had|will|would|can|could|should|shall|may|might|must"
DAYS = "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
NATIONS = words(
    """british american german french russian chinese japanese italian spanish european african asian indian
    canadian australian irish scottish welsh iranian israeli palestinian ukrainian turkish mexican english
    london paris berlin washington moscow beijing tokyo pyongyang brussels leeds europe africa asia germany
    france russia china japan italy spain iran iraq israel ukraine turkey mexico canada australia ireland
    scotland wales england britain"""
)
PLACES_AND_BODIES = NATIONS | words(
    """department house ministry office council committee congress senate parliament party union force forces
    bank group company corp corporation inc ltd plc llc co club united city town county road street avenue
    square bridge park school college university institute hospital church court times post news newsline
    agency association authority board bureau centre center commission council federation foundation fund
    society trust service services korea states kingdom republic nations america north south east west new
    river lake mount port bay island islands sea ocean valley river harbour harbor field airlines airways
    railway line foods paper securities energy motors holdings partners records studios television tv radio
    twitter facebook instagram labour assembly army navy corps guard league cup stadium airport station
    international global systems technologies devices mills brewery distillery
    pharmaceuticals insurance capital associates solutions logistics media press pictures entertainment games software
    laboratories clinic museum gallery theatre theater library archive orchestra choir opera ballet festival forum
    conference coalition alliance movement campaign watch brigade tribunal commission inquiry constabulary rescue motors
    shipping steel oil gas water rail trains coaches buses farms dairies stores supermarkets magazine journal gazette
    herald tribune chronicle courier ledger mail express mirror guardian observer telegraph argus echo sentinel inquirer
    rovers wanderers athletic rangers albion harriers pirates tigers bears lions hawks eagles"""
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
    """abby abigail ada adele agatha agnes aisha alexandra alice alicia alison alma althea amanda amelia amina amy
    ana anastasia angela angelina anita anja ann anna anne anneka annie antonia ariana astrid audrey aurora
    barbara bea beatrice beatriz bella bernadette beth betty bianca birgit bonnie brenda bridget bridie brigid
    brigitte britta bronwen camilla camille candice cara carla carmel carmen carol carolina caroline cassandra
    catherine cathy cecilia celia chantal charlene charlotte chiara chloe christina christine claire clara clare
    clarissa claudette claudia clementine cleo colette connie constance consuelo cordelia corinne cynthia daisy
    dana daniela danielle daphne debbie deborah deirdre delia delphine denise diana diane dina dinah dolores donna
    doreen doris dorothea dorothy ebony edith edna eileen elaine eleanor eleanora elena elisa elisabeth elise
    elizabeth ella ellen ellie elsa elsie emilia emily emma emmeline erica erika ernestine estelle esther ethel
    eugenie eva evangeline eve faith fanny farah fatima felicity fern fiona flora florence frances francesca
    francine freda frederica frieda gabriela gabrielle gail gemma genevieve georgia georgina geraldine gertrude
    gillian gina ginny gisela giulia gladys glenda glenys gloria grace greta gretchen gwen gwendolyn hanna hannah
    harriet hattie hazel heather heidi helen helena helga henrietta hermione hilda hillary holly honor hope ida
    imelda imogen ines ingeborg ingrid irena irene irina iris isabel isabella isla ivana ivy jacqueline jane janet
    janice jasmine jean jeanette jeanne jemima jennifer jenny jessica jill joan joanna joanne jodie johanna
    josephine josie joy joyce juanita judith judy julia julie juliet juliette justine karen karin katarina kate
    katharine katherine kathleen kathy katie katrina kirsten kirsty kristin kristina lara larissa laura lauren
    lauretta leila lena leona leonora leticia liesl lila lilian lillian lily linda lisa lois lorna lorraine louisa
    louise lucia lucie lucille lucinda lucy luisa lydia lynn lynne mabel madeleine madeline maeve magda magdalena
    maisie malala mandy marcella marcia margaret margot maria mariana marianne marie marina marion marjorie
    marlene martha martina mary matilda maud maureen mavis maxine megan melanie melinda melissa mercedes meryl mia
    michelle mildred mindy minnie miranda miriam moira mollie molly monica muriel myra myrtle nadia nadine nancy
    naomi natalie natasha nell nellie nerys nesta ngozi nicole nina nora norma nuala odette olga olivia olwen
    oonagh ottilie paloma pamela pansy patricia paula pauline pearl peggy penelope petra philippa philomena phoebe
    phyllis pia polly poppy priscilla priya prudence rachael rachel ramona raquel rebecca rebekah regina renata
    rhiannon rhoda rhona rita roberta roisin rosa rosalie rosalind rosamund rose rosemary rowena roxanne ruby ruth
    sabina sabrina sadie sally sally-ann salma samantha sandra saoirse sara sarah saskia selina serena sharon
    shauna sheila shelley shirley sian sibyl sigrid silvia sinead siobhan sofia solveig sondra sonia sophia sophie
    stacey stella stephanie sue sunita susan susanna susannah suzanne svetlana sylvia sylvie tabitha tamara tamsin
    tanya tara tatiana teresa teri tessa thea thelma theresa tiffany tilda tina toni tracey tracy trisha trudy
    ulrike una ursula valerie vanessa vera verity veronica victoria viola violet virginia vivien vivienne wendy
    wilhelmina wilma winifred winnie yasmin yolanda yvette yvonne zara zelda zoe zoya"""
)
MALE_NAMES = words(
    """aaron abdul abdullah abel abraham achim adam adolf adrian ahmed aidan alain alan alastair albert alberto aldo
    alec alejandro alessandro alexander alexei alfred ali alistair allan alonso amir amos anders andre andreas
    andrei andrew andy angus ansel anselm anthony antoine anton antonin antonio archibald archie armand armando
    arne arnold arthur arturo ashok aubrey augustus axel barnaby barney barry basil ben benedict benito benjamin
    benny bernard bernardo bert bertil bertram bill billy bjorn bob bobby boris boyd brad bradley brendan brett
    brian bruce bruno bryan byron caleb callum calvin carl carlo carlos carlton casper cecil cedric cesar chad
    charles chester christian christopher clarence claude claudio clement cliff clifford clint clive clyde colin
    conor conrad cornelius cory craig curtis cuthbert cyril cyrus dai dale damian damon dan daniel danny dario
    darren dave davey davi david dean declan denis dennis denzel derek desmond diego dieter dietrich dimitri dirk
    dmitri domenico dominic dominik don donal donald donnie doug dougal douglas duncan dwayne dwight dylan eamon
    ed eddie edgar edmund edouard eduardo edvard edward edwin einar eli elias elijah elliot elliott elmer emil
    emile emilio emmanuel emmett enrico enrique eric erik ernest errol ervin esteban ethan etienne euan eugene
    eugenio evan everett ewan fabian fabio federico felipe felix ferdinand fergus fernando filip fletcher floyd
    francisco francois frank franklin franz fred freddie frederick fritz gabriel gareth gary gavin gene geoff
    geoffrey george geraint gerald gerard gerhard gianni gilbert giles giovanni giuseppe glen glenn godfrey
    gonzalo gordon gordy graham grant greg gregory guido guillermo gunnar gunther gus gustav hal hamid hamish hank
    hans hari harold harrison harry hartmut harvey hasan hassan hector heinrich heinz helmut henri henrik henry
    herbert herman hermann homer horace howard howell hubert hugh hugo humphrey hussain hussein iain ian ibrahim
    idris ignacio igor ike ilya imran ingo irving isaac isidore ismail issa ivan ivo ivor jack jackson jacob
    jacques jaime jake jamal james janos jared jarvis jason javier jay jed jeff jefferson jeffrey jens jeremy
    jerome jerry jesse jesus jim jimmy joachim jock joe joel johan johann john johnny jonah jonas jonathan
    jonathon jonny jordi jorge jose josef joseph josh joshua josiah juan juergen jules julian julio jurgen justin
    kamal karim karl kaspar keir keith kelvin ken kenji kenneth kenny kent kevin kieran kiran klaus knut konrad
    konstantin kurt kwame kyle lachlan lambert lance larry lars laszlo laurence laurent lawrence lawson leif leo
    leon leonard leonardo leroy lester levi lewis liam lionel lloyd lorenz lorenzo louis lubomir luca lucas
    luciano ludovic ludwig luigi luis luke luther lyle magnus mahmoud malcolm manuel marc marcel marcello marco
    marcus mario mark marshall martin marvin mateo mathias matt matteo matthew matthias maurice max maximilian
    mehmet melvin merlin michael mick mickey miguel mikael mike mikhail miles milos milton mitchell mohamed
    mohammed monty morris mortimer moses muhammad murray mustafa nathan nathaniel ned neil nelson nicholas nick
    nigel nikolai nils noah norbert norman norris olaf ole oleg oliver omar omari orlando orson orville oscar
    osman osvaldo oswald otis otto owen pablo paco paddy paolo pascal patrice patricio patrick paul pavel pedr
    pedro percy perry pete peter petr phil philip phillip pierce pierre piers pietro piotr quentin quincy rafael
    raj ralph ramon randall randolph rashid raul ray raymond raymundo reg reginald reinhard rene rex rhys ricardo
    riccardo richard richie rick robbie robert roberto rod rodney rodolfo rodrigo roger roland rolf romeo ron
    ronald rory ross rowan roy royston ruben rudolf rufus rupert russell ryan saeed salvador salvatore samuel
    sander sanjay saul scott scotty sean sebastian sergei sergio seth shane shaun sid siegfried sigmar sigurd
    silas simeon simon sol soren spencer stan stanley stefan steffen stephan stephen steve steven stewart stuart
    sven sylvester tariq tarquin ted teddy terence terrence thaddeus theodore thierry thomas thorsten tibor tim
    timo timothy tobias todd tom tomas tomasz tommy tony torsten travis trevor tristan troy tyler ulrich umberto
    uwe vaclav valentin vernon victor vikram viktor vince vincent virgil vito vivek vladimir wade waldo wallace
    wally walter warren wayne wendell werner wes wesley wilbur wilf wilfred wilhelm willard william willie wilson
    winston wolfgang xavier yannick yuri yusuf zachary zoltan"""
)
