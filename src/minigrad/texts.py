"""Words to train a language model on; `data.names()` and `data.elements()` hand them out.

The given names are the 1,000 commonest of 3 to 9 letters in the lists of the 1990 census of the
United States, women's and men's together: facts collected by the US Census Bureau, in the public
domain. They were taken from the files dist.female.first and dist.male.first, as the package
`names` 0.3.0 on PyPI ships them. The elements are the 118 of the periodic table, by the English
names that IUPAC has given them, in order.
"""

# fmt: off
NAMES = """
aaron abigail abraham ada adam addie adele adrian adriana adrienne agnes aida aimee alan albert
alberta alberto alejandro alex alexander alexandra alexis alfonso alfred alfredo alice alicia
alisha alison allan allen allison alma alonzo alton alvin alyssa amanda amber amelia amy ana andre
andrea andres andrew andy angel angela angelica angelina angelo angie anita ann anna anne annette
annie anthony antonia antonio april archie arlene armando arnold arthur arturo ashley audrey aurora
austin barbara barry beatrice becky belinda ben benjamin bennie benny bernard bernice bert bertha
bessie beth bethany betsy bettie betty beulah beverly bill billie billy blake blanca blanche bob
bobbie bobby bonita bonnie brad bradley brandi brandon brandy brenda brent brett brian bridget
brittany brittney brooke bruce bryan bryant byron caitlin caleb calvin cameron camille candace
candice candy cara carl carla carlos carlton carmen carol carole caroline carolyn carrie carroll
casey cassandra cassie catherine cathy cecelia cecil cecilia cedric celeste celia cesar chad
charlene charles charlie charlotte chelsea cheri cherie cheryl chester chris christa christian
christie christina christine christy cindy claire clara clarence clark claude claudia clayton
clifford clifton clint clinton clyde cody colin colleen connie conrad constance consuelo cora corey
corinne cory courtney craig cristina crystal curtis cynthia daisy dale dallas damon dan dana daniel
danielle danny darla darlene darrel darrell darren darryl daryl dave david dawn dean deanna debbie
debora deborah debra delbert delia della delores deloris dena denise dennis derek derrick desiree
devin dewey diana diane dianna dianne dina dixie dolores dominic don donald donna donnie dora
doreen doris dorothy dorthy doug douglas doyle drew duane dustin dwayne dwight earl earnest ebony
eddie edgar edith edmund edna eduardo edward edwin effie eileen elaine elbert eleanor elena elias
elisa elisabeth elizabeth ella ellen ellis elmer eloise elsa elsie elva elvira emily emma enrique
eric erica erick erik erika erin erma ernest ernestine ernesto ervin essie estella estelle esther
ethel etta eugene eugenia eula eunice eva evan evelyn everett faith fannie faye felicia felipe
felix fern fernando flora florence floyd forrest frances francine francis francisca francisco frank
frankie franklin fred freda freddie frederick fredrick gabriel gail garrett garry gary gayle gene
geneva genevieve geoffrey george georgia gerald geraldine gerard gerardo gertrude gilbert gilberto
gina ginger gladys glen glenda glenn gloria goldie gordon grace grant greg gregg gregory gretchen
guadalupe guillermo gustavo guy gwen gwendolyn hannah harold harriet harry harvey hattie hazel
heather hector heidi helen helene henrietta henry herbert herman hilda holly homer hope horace
howard hubert hugh hugo ian ida ignacio ina inez ingrid ira irene iris irma irving isaac isabel
ismael israel iva ivan jack jackie jacob jacquelyn jaime jake james jamie jan jana jane janelle
janet janette janice janie janis jared jasmine jason javier jay jean jeanette jeanne jeannette
jeannie jeff jeffery jeffrey jenifer jenna jennie jennifer jenny jeremiah jeremy jermaine jerome
jerry jesse jessica jessie jesus jewel jill jim jimmie jimmy joan joann joanna joanne jodi jody joe
joel joey johanna john johnathan johnnie johnny jon jonathan jonathon jordan jorge jose josefina
joseph josephine josh joshua josie joy joyce juan juana juanita judith judy julia julian julie
julio julius june justin kara karen kari karin karl karla kate katherine kathleen kathryn kathy
katie katrina kay kayla keith kelley kelli kellie kelly kelsey kelvin ken kendra kenneth kenny kent
kerri kerry kevin kim kimberly kirk krista kristen kristi kristie kristin kristina kristine kristy
krystal kurt kyle lana lance larry latasha latonya latoya laura laurel lauren laurence laurie
laverne lawrence leah lee leigh lela leland lena lenora leo leon leona leonard leroy leslie lester
leticia levi lewis lila lillian lillie linda lindsay lindsey lionel lisa lloyd lois lola lonnie
lora loren lorena lorene lorenzo loretta lori lorna lorraine lottie louis louise lourdes lowell
lucas lucia lucille lucinda lucy luis luke lula luther luz lydia lyle lynda lynette lynn lynne
mabel mable mack madeline mae maggie malcolm mamie mandy manuel marc marcella marcia marco marcos
marcus margaret margarita margie maria marian marianne marie marilyn marina mario marion marissa
marjorie mark marla marlene marsha marshall marta martha martin marty marvin mary maryann mathew
matt matthew mattie maude maureen maurice max maxine may megan meghan melanie melba melinda melissa
melody melvin mercedes meredith michael micheal michele michelle miguel mike mildred milton mindy
minnie miranda miriam misty mitchell molly mona monica monique morgan morris muriel myra myrna
myron myrtle nadine nancy naomi natalie natasha nathan nathaniel neal neil nellie nelson nettie
nicholas nichole nick nicolas nicole nikki nina noah noel nora norma norman olga olive oliver
olivia ollie omar opal ora orlando orville oscar otis owen pablo pam pamela pat patrice patricia
patrick patsy patti patty paul paula paulette pauline pearl pedro peggy penny perry pete peter
philip phillip phyllis polly preston priscilla rachael rachel rafael ralph ramiro ramon ramona
randall randolph randy raquel raul ray raymond reba rebecca rebekah regina reginald rena rene renee
rex rhonda ricardo richard rick rickey ricky rita robert roberta roberto robin robyn rochelle
roderick rodney rodolfo rogelio roger roland ron ronald ronda ronnie roosevelt rosa rosalie rose
rosemarie rosemary rosetta rosie ross roxanne roy ruben ruby rudolph rudy rufus russell ruth ryan
sabrina sadie sallie sally salvador salvatore sam samantha sammy samuel sandra sandy santiago sara
sarah scott sean sergio seth shane shannon shari sharon shaun shawn shawna sheila shelby sheldon
shelia shelley shelly sheri sherman sherri sherrie sherry sheryl shirley sidney silvia simon sonia
sonja sonya sophia sophie spencer stacey stacie stacy stanley stella stephanie stephen steve steven
stewart stuart sue susan susie suzanne sylvester sylvia tabitha tamara tami tammie tammy tanya tara
tasha taylor ted teresa teri terrance terrence terri terry thelma theodore theresa thomas tiffany
tim timothy tina todd tom tomas tommy toni tony tonya tracey traci tracie tracy travis trevor
tricia trina trisha troy tyler tyrone valerie vanessa velma vera verna vernon veronica vicki vickie
vicky victor victoria vincent viola violet virgil virginia vivian wade wallace walter wanda warren
wayne wendell wendy wesley whitney wilbert wilbur wilfred willard william willie willis wilma
wilson winifred woodrow yolanda yvette yvonne zachary
""".split()  # noqa: SIM905 (read more easily than a list of strings)

ELEMENTS = """
hydrogen helium lithium beryllium boron carbon nitrogen oxygen fluorine neon sodium magnesium
aluminium silicon phosphorus sulfur chlorine argon potassium calcium scandium titanium vanadium
chromium manganese iron cobalt nickel copper zinc gallium germanium arsenic selenium bromine
krypton rubidium strontium yttrium zirconium niobium molybdenum technetium ruthenium rhodium
palladium silver cadmium indium tin antimony tellurium iodine xenon caesium barium lanthanum cerium
praseodymium neodymium promethium samarium europium gadolinium terbium dysprosium holmium erbium
thulium ytterbium lutetium hafnium tantalum tungsten rhenium osmium iridium platinum gold mercury
thallium lead bismuth polonium astatine radon francium radium actinium thorium protactinium uranium
neptunium plutonium americium curium berkelium californium einsteinium fermium mendelevium nobelium
lawrencium rutherfordium dubnium seaborgium bohrium hassium meitnerium darmstadtium roentgenium
copernicium nihonium flerovium moscovium livermorium tennessine oganesson
""".split()  # noqa: SIM905 (read more easily than a list of strings)
