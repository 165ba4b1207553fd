"""Given names and what people are called by: each line is one name in its short forms and in other languages.

Data only; folded (app.formats.latin). A name may stand in several lines.
"""

from __future__ import annotations

from collections.abc import Mapping

_LINES = """
abigail abby abbie gail
adelaide heidi adele addie
agnes ines inez agnieszka
albert al bert bertie alberto
alexander alex alec alek sandy sasha sascha alejandro alessandro alexandre aleksandr aleksander alexandros xander sandro
alexandra alex sandra sasha alexa alessandra aleksandra lexi
alfred al alf fred alfredo
alison ali allie
amelia amy millie amalia
andrew andy drew andreas andre andres andrea andrei andrey andrej andrzej andras
angela angie angelika
anna ann anne annie anita anja anya ana hanna hannah anneliese anouk
anthony tony antonio anton antoine toni antoni antal
archibald archie
arthur art artie arturo artur
barbara barb barbie babs bobbie basia
bartholomew bart bartolome bartosz
beatrice bea trixie beatriz beatrix
benedict ben benedikt benedikto benoit
benjamin ben benji benny bennie benjamim
bernard bernie bernhard bernardo bernd
bradley brad
calvin cal
cameron cam
carl karl carlos charles carlo karel
caroline carol carrie carolina karoline karolina karo
catherine cathy kate katie kathy kay kit kitty katherine kathryn katharina catarina catalina caterina cath katya ekaterina katarzyna kasia karin katrin katja
cecilia cecily cissy celia
charles charlie chuck chas chip carlos carl karl carlo karol
charlotte lottie charlie lotte carlota
christian chris christiaan cristiano cristian kristian
christina chris christine tina chrissy kristina kristin cristina kirsten krystyna
christopher chris topher kit cristobal christoph christophe cristoforo cristovao krzysztof kristof
clara claire klara clare
clarence clancy
clement clem klemens clemente
constance connie konstanze constanza
cornelius neil corneel kees
cynthia cindy
daniel dan danny dani daniil danilo
daniela dani danielle
david dave davey davide dawid davi
deborah deb debbie debra
dennis denny denis
diana diane di
dieter dietrich dirk
dmitriy dmitry dmitri dima dimitri dimitris dimitrios
dominic dom nick dominik domingo dominique domenico
donald don donnie
dorothy dot dottie dolly dorothea dorota
douglas doug
edmund ed ned eddie edmond edmundo
edward ed eddie ted teddy ned eduardo eduard edoardo edvard
eleanor ellie nell nora leonora eleonora eleonore
elena helena helen ellen lena ilona yelena alena
elizabeth liz lizzie beth betty bess betsy eliza elsie libby lisa elisabeth isabel elisa ella elizaveta elzbieta erzsebet lise lisbeth else elspeth
emanuel manuel manny emmanuel manolo
emily em emmy emilia emilie
ernest ernie ernst ernesto
esther essie ester hester
eugene gene eugen eugenio evgeny yevgeny evgeniy
evelyn eve evie evelin
felix feliks
ferdinand ferdi fernando nando
florence flo florrie
frances fran francie fanny frankie franziska francesca francisca franka
francis frank francisco francesco francois franz frankie frans paco pancho ferenc franciszek chico
frederick fred freddie freddy fritz friedrich frederik frederic federico fryderyk fredrik
frederica freddie friederike
gabriel gabe gabor gabriele
gabriela gabi gabby gabriele gabrielle
geoffrey geoff jeff jeffrey gottfried
george georg jorge giorgio georges yuri yury yuriy jiri jerzy gyorgy georgios giorgos goran juergen jurgen joerg jorg
gerald gerry jerry gerhard gerd geraldo
gerard gerry gerardo gert
gertrude trudy gertie gertrud
giovanna jane johanna joanna juana joana jeanne
gregory greg gregor gregorio grzegorz grigory
guenter gunter gunther guenther
guillermo william memo guilherme wilhelm guillaume
harold harry hal harald
harriet hattie henriette harriett
heinrich heinz henry heiner hein henri enrique enrico henrique hendrik henrik
helen nell nellie helene helena elena
henry harry hank hal heinrich henri enrique henrik
herbert herb bert heribert
howard howie
hubert bert hugh hugo
hugh hughie hugo ugo
ian iain john
ignatius ignacio nacho ignaz inaki ignacy
irene rena irina irena
isaac ike zac izak
isabel bella isabella belle izzy isabelle isabela ysabel
ivan vanya john iwan
jacob jake jakob jacobo jacques jakub giacomo iago yakov jacopo
jacqueline jackie jacky
james jim jimmy jamie jaime jem jaimie santiago diego giacomo tiago
jane janie janet jean jenny johanna joan
janet jan jane
jason jay
jean john jan
jennifer jen jenny jennie
jeremiah jerry jeremy jeremias
jeremy jem jerry
jessica jess jessie
joachim jochen achim joaquin joaquim joakim quim
joan joanna joanne jo jane jana
john johnny jack jon jonny johannes johann hans juan joao jean giovanni jan ivan ian sean hannes janos ioannis yannis jens
jonathan jon jonny john
joseph joe joey jo josef jose giuseppe pepe josip jozef jozsef joop beppe yosef yusuf
josephine jo josie fina giuseppina josefa josefina
joshua josh
judith judy jude judit
julia jules julie giulia juliette julija yulia
julian jules juliano giuliano
karen kari karin
kenneth ken kenny
kimberly kim kimberley
konstantin kostya konstantinos kostas costas constantine
lawrence larry lars laurence lorenz lorenzo laurent lourenco laurie lorentz laszlo
leonard leo len lenny leonhard leonardo leonid
leopold leo poldi leopoldo
leslie les lesley
louis lou louie lewis luis ludwig luigi lluis ludovic luiz lajos
louisa lou louise luisa luise
lucas luke luca lukas luc lukasz luka
lucy lucia lucie luzia lucinda
ludwig lutz louis
magdalena lena maggie madeleine magda madeline
manfred fred mani
marcus mark marc marco marcos markus marek marcel
margaret maggie meg peggy marge margie rita greta daisy madge margarita margarethe margarete marguerite margherita gretchen grete malgorzata margit
maria mary marie mia mitzi marija mariya molly polly maryam miriam maja masha marja
marianne mary anne mariana
martha marty patty marta mattie
martin marty martino marten martijn marcin
martina tina
mathilda tilly mattie mathilde matilde
matthew matt matty mateo matthias mathias matteo mathieu mateus mateusz matthieu mathis matej matyas
maurice moritz mauricio maurizio morris mo
maximilian max maxi maks maximiliano massimo maxim
melissa mel missy lissa
michael mike mikey mick micky mickey mischa misha michel miguel michele mikhail mihail michal mihaly mikael miguelito micha michail mykhailo
michaela micky micaela michelle michele shelly
mildred millie milly
mohammed mohamed muhammad mohammad mehmet mo muhammed mohamad mhmd mahomed mohd
monica monika monique mona moni
nancy nan ann
natalie nat natalia natasha nathalie nataliya natalya
nathaniel nat nate nathan
nicholas nick nicky nico nicolas nikolaus klaus claus niklas nicola niccolo nikolai nikolay nikola mikolaj miklos colin nikolaos nikos claas
nicole nicki nikki nicky nicola nicoletta
nigel nige
norman norm
olivia liv livvie
oliver ollie oli olivier
oscar ozzie oskar
pamela pam
patricia pat patty trish tricia patrizia patsy
patrick pat paddy patricio patrizio patryk patrice rick
paul pablo paulo paolo pavel pawel pal pauli
paula pauline paulina paola
peter pete pedro pierre pietro piotr petr pyotr pieter piet petros peer petar per petter
philip phil pip felipe philippe filippo filip philipp phillip filipe
priscilla cilla
rachel raquel rachele rahel ray
ralph rolf ralf raul raoul
raymond ray raimund ramon raimundo
rebecca becky becca rebekka rebeca
reginald reg reggie reinhold
reinhard rene
richard rick dick rich richie ricky riccardo ricardo rik ryszard rikard
robert bob bobby rob robbie bert roberto robby robin rupert ruprecht
roberta bobbie robin
roderick rod roddy rodrigo
rodney rod
roger rodge ruediger rudiger rogerio ruggero
roland rollo rolando orlando
ronald ron ronnie ronaldo
rosemary rose rosie romy rosemarie
rudolf rudy rudi rolf rodolfo
russell russ
salvatore sal salvador turi
samantha sam
samuel sam sammy samuele
sarah sara sally sadie
sebastian seb basti bastian sebastiano sebastien sebastiao
sergey sergei serge sergio sergej serhiy seryozha
sigmund siggi siegmund zygmunt
siegfried sigi siggi
simon si simone szymon simao
sophia sophie sofia sofie zofia sonja sonia sofya
stanley stan stanislaw
stefanie steffi stephanie stephi estefania stefania
stephen steve stevie steven stefan stephan esteban stefano estevao etienne istvan stepan szczepan stefanos
stewart stu stuart
susan sue susie suzy susanna susanne susana suzanne zuzanna
svetlana sveta lana
sylvester sly sil
sylvia silvia silvie sylvie
tamara tammy toma
tatiana tanya tanja tania tatjana tatyana
terence terry
theodor theo ted teddy theodore teodoro fyodor fedor feodor
theresa terry tess tessa tracy therese teresa tere resi
thomas tom tommy tomas tommaso tomasz thom tamas
timothy tim timmy timo timotheus timofey timoteo
tobias toby tobi tobia
ulrich uli ulli ulrik ulrico
ursula uschi ulla ursel
valentina valya val
valerie val valeria valeriya
veronica ronnie vera veronika veronique
victor vic vick viktor vittorio vitor wiktor
victoria vicky vicki tori viktoria vitoria wiktoria
vincent vince vinnie vinzenz vicente vincenzo vinny vincenz
virginia ginny ginger
vladimir vova volodya wladimir vlad wlodzimierz volodymyr vladimiro
walter walt wally gualtiero walther
werner wernher
wilhelm willi willy helmut wim wilm bill
wilhelmina mina minnie willa
william will bill billy willy liam wilhelm guillermo guillaume guglielmo willem guilherme vilmos wim
winifred winnie freddie
wolfgang wolf wolfi
xavier javier xaver javi saverio
yekaterina katya ekaterina katja
yevgeniya zhenya evgenia eugenia
zachary zach zack zac zacharias
"""


def _of() -> Mapping[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for at, line in enumerate(_LINES.split("\n")):
        for name in line.split():
            found.setdefault(name, set()).add(at)
    return {name: frozenset(lines) for name, lines in found.items()}


LINES_OF: Mapping[str, frozenset[int]] = _of()
"""Name → the lines it stands in; two names of one line may be one person's."""

FIRST_OF: Mapping[str, str] = {
    name: _LINES.split("\n")[min(lines)].split(maxsplit=1)[0] for name, lines in LINES_OF.items()
}
"""Name → the first of its (first) line, a common key for most of the ways in which somebody is called."""


def same(left: str, right: str) -> bool:
    """Tell whether two folded given names can be the same person's: Bill and William, Sasha and Alexander."""
    mine = LINES_OF.get(left)
    return mine is not None and not mine.isdisjoint(LINES_OF.get(right, ()))


def others(name: str) -> list[str]:
    """Return the other forms of a folded given name, at most 60: what else somebody may be called."""
    mine = LINES_OF.get(name, frozenset())
    lines = _LINES.split("\n")
    return list(dict.fromkeys(n for at in sorted(mine) for n in lines[at].split() if n != name))[:60]
