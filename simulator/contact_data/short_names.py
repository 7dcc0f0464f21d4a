"""Given names and their short and other forms: what an email may have instead of the record's.

Common in Britain, and put down from general knowledge: assumed, and never whole. They only ever
raise a question.
"""

from collections.abc import Iterator
from itertools import permutations

_FORMS = """
abigail abi abbie gail; albert bert bertie al; alexander alex alec sandy xander; alfred alf alfie
fred; alexandra alex sandra lexi; alison ali; amanda mandy; amelia millie amy; andrew andy drew
andrea; anthony tony ant; antony tony ant; arthur art artie; barbara barb babs; benjamin ben benny
benji; bernard bernie; bethany beth; beverley bev; bradley brad; bridget bridie biddy; cameron cam;
carol carole caroline; caroline carrie caz; catherine cath cathy kate katie kitty cat; cecilia
celia; charles charlie chuck chas; charlotte charlie lottie; christine chris chrissie tina;
christopher chris kit; clare claire; constance connie; cynthia cindy; daniel dan danny; david dave
davey; deborah debbie deb debra; dennis denis den; derek del; dominic dom; donald don donnie;
dorothy dot dottie dolly; douglas doug; edward ed eddie ted teddy ned; eleanor ellie nell nora;
elizabeth liz lizzie beth betty eliza lisa libby elsie bess; emily em emmie; emma em; ernest ernie;
eugene gene; ewan euan; florence flo florrie flossie; frances fran frankie fanny; francesca fran;
francis frank frankie; frederick fred freddie freddy; gabriel gabe; gareth gaz; gary gaz garry;
geoffrey geoff jeff; george georgie; georgina georgie gina; gerald gerry; gerard gerry; gillian gill
jill gilly; gregory greg; gwendolyn gwen; hannah hanna; harold harry hal; harriet hattie harry;
harry henry harold; helen ellen nell lena; henry harry hal; hilary hil; howard howie; hugh huw
hughie; ian iain; imogen immy; irene rene; isabel izzy bella; isabella izzy bella; isobel izzy;
jacob jake; jacqueline jackie jacqui; james jim jimmy jamie jem; jane janie; janet jan; janice jan;
jasmine jas jaz; jennifer jen jenny jenni; jeremy jez jem; jessica jess jessie; joan joanie; joanna
jo; joanne jo; john jack johnny jon; jonathan jon jonny; joseph joe joey; josephine jo josie;
joshua josh; judith judy jude; julia julie jules; julian jules; katharine kate kathy kath;
katherine kate kathy kath katie kit; kathleen kath kathy; kathryn kath kathy kate; kenneth ken
kenny; kimberley kim; laura laurie; lauren laurie; lawrence larry laurence laurie; leonard len
lenny leo; leslie les; lewis lou louis; lillian lily; linda lin lindy; louise lou lulu; lucy lu;
lynn lynne; madeleine maddie; malcolm mal; margaret maggie meg peggy marge peg greta madge; marian
mary; marilyn maz; marjorie marge; mark marc; martha marty; martin marty mart; mary molly polly may;
matilda tilly mattie; matthew matt matty; maureen mo; maurice mo; megan meg; melanie mel; melissa
mel; michael mike mick mickey micky; michelle shell; miranda mandy; mohammed mo mohamed muhammad
mohammad muhammed; natalie nat; natasha tash; nathan nat nate; neil neal; nicholas nick nicky nico;
nicola nicky nic; nigel nige; norman norm; oliver ollie olly; olivia liv livvy; pamela pam; patricia
pat tricia trish patsy; patrick pat paddy; paula pauline; penelope penny; peter pete; philip phil
phillip pip; philippa pippa pip; phyllis phil; priscilla cilla; rachel rach rachael; raymond ray;
rebecca becky becca beck; reginald reg reggie; richard rick richie ricky dick rich; robert rob bob
bobby robbie bert; roberta bobbie; rodney rod; roger rodge; roland rolly; ronald ron ronnie;
rosemary rose rosie; roxanne roxy; russell russ; samantha sam sammy; samuel sam sammy; sandra
sandy; sarah sara sally sadie; sean shaun shawn; sharon shaz; sheila shell; shirley shirl; simon si;
sophia sophie; sophie soph; stanley stan; stephanie steph; stephen steve steven stevie; stuart stu
stewart; susan sue susie suzie suzanne; suzanne sue suzie; sylvia sylvie; teresa terri theresa tess;
terence terry; thelma thel; theodore theo ted; theresa terry tess; thomas tom tommy; timothy tim;
tobias toby; tracey tracy trace; trevor trev; valerie val; veronica ronnie; victor vic; victoria
vicky vicki tori vix; vincent vince vinny; virginia ginny; vivian viv; walter wally walt; wendy
wend; wilfred wilf; william bill will billy willie liam; winifred winnie; yvonne von; zachary zac
zach zak
"""


def other_forms() -> Iterator[tuple[str, str]]:
    """Give each pair of forms of one name, both ways."""
    pairs: dict[tuple[str, str], None] = {}
    for line in _FORMS.split(";"):
        pairs |= dict.fromkeys(permutations(line.split(), 2))
    return iter(pairs)
