"""Words that tell the parts of a name apart, in the languages our users write. Data only."""

from __future__ import annotations

# Titles and salutations before a name.
_PREFIXES = """
adm admiral ambassador arq attorney avv bishop brother capt captain cmdr col colonel congressman
congresswoman cpl d dame dhr dipl-inf dipl-ing dipl-kfm dipl-psych doctor doctors don dott dott.ssa doña
dr dra drs dña eng engª father fr frau gen general gov governor habil herr hon honorable hr imam ing inż
judge jur justice lady lic lord lt madame mademoiselle mag maj major mayor maître me med messrs mevr mgr
miss mlle mlles mme mmes monsieur mr mrs ms mw mx nat pan pani pastor phil president prof profa professor
ra rabbi rep representative rer rev reverend sen senator senhor senhora señor señora señorita sgt sheikh
sig sig.ra signor signora sir sister sr sra srta state univ-prof
"""
# These are names as well, so they count as titles only with a full stop ("Mag. Huber", not "Don Smith").
_NEED_STOP = """
d don doña fr gen gov hon ing judge jur justice lic mag me med nat pan phil ra rep sen
"""
# Generations, degrees and orders after a name, without full stops.
_SUFFIXES = """
2nd 3rd 4th aia aia-csi ba bs bsc bsn cbe cfa cfp cpa csi dc dds dipl-ing dmd do dvm edd esq esquire facs
faia fh filho gri ii iii iv jd jnr jr junior júnior kc kcb llb llm llp lncc ma mba mbe md mdsc med mph ms
msc neto np obe op osb pa pe phd pmp psyd qc realtor ret rn sc senior sj snr sr trustee usa usmc usn vi
vii
"""
# Suffixes that are family names or words too: without a comma only in capitals among ordinary letters.
_DOUBTFUL = """
ba bs csi dc do fh kc llp ma med ms np op pa pe qc ret sc sj usa
"""
# Small words that open or join a family name.
_PARTICLES = """
't ab abu af al ap av bar ben bin bint d' da dal dalla das de degli dei del dela della delle dello den der
des di do dos du d’ e el fitz i ibn la las le lo los mac mc o saint san santa st te ten ter van vom von y
zu zum zur ’t
"""
# What follows in a given name such as Maria de Fátima, folded.
_DEVOTIONS = """
angeles anjos carmen carmo ceu conceicao concepcion cruz dolores dores fatima gloria graca gracas
guadalupe jesus lourdes luz luzes mar mercedes nazare pilar rosario socorro
"""
# Vietnamese family names, which tell the order by their accents.
_VIETNAMESE = """
bùi dương hoàng huỳnh hồ lê lý nguyễn ngô phan phạm trần trịnh võ vũ đinh đoàn đặng đỗ
"""
# Chinese and Korean family names of two characters.
_TWO_SYLLABLES = """
上官 东方 公孙 公孫 司徒 司馬 司马 夏侯 尉迟 尉遲 慕容 東方 欧阳 歐陽 皇甫 諸葛 诸葛 남궁 독고 사공 선우 제갈 황보
"""
# Words that stand in names of organisations and hardly ever in names of people.
_COMPANY_WORDS = """
abogados academy advertising advogados agencia agency agentur agência airlines alarm alliance anwalt
anwälte apotheke architects architekten asociación assn assoc associates association associação assurances
attorneys authority auto autohaus automotive avocats ayuntamiento bakery banca banco bank banque bar bau
beratung bistro board boulangerie brands brewery brokerage builders bureau bäckerei cabinet café campaign
capital casino catering cemetery center centre centro chemicals church cinema citizens city cleaning
clinic clinique club clínica coalition college commission committee communications concrete construction
constructions construções consultants consulting consultoria contracting contractors cooperativa
cooperative council county câmara dairy deli democratic dental dentistry dentists department design
designs despacho developers development digital distribution distributors district electric electronics
elementary employees energia energy engineering enterprises entertainment erben escola escuela estate
export fabrik farm farma farms farmácia federation filhos fils finance financial finanz fitness fondation
food foods for foundation freight friends fund fundación fundação gallery garage gas gasthaus gasthof
gemeinde genossenschaft global grill grocery group groupe groups grupo gruppe gym handel hardware health
healthcare herdade hermanos hijos holding holdings home homes hospital hotel hotels housing iglesia igreja
immobilien import industrial industries inn institut institute instituto insurance international
investment investments irmãos jewelers kanzlei kaufhaus kirche klinik lab laboratories laboratory labs
landscaping lawyers league leasing library local logistics logistik machinery mairie management
manufacturing market marketing markets media medical metal mfg mgmt ministerio ministries ministry
ministério motors município museum nachfolger nation network networks notare nursing of office offices oil
pac packaging padaria paint panadería partners partnership party paving pharma pharmaceuticals pharmacy
pizzeria plaza plumbing police power praxis praça press printing production productions products project
properties property publishing quinta railway railways realty rechtsanwälte rental rentals republican
resort restaurant restaurante ristorante roofing salon school schule security seguros service services
servicios serviços shop signs society software solutions sports stadtwerke state steel steuerberater
stiftung store stores studio studios supermarket supplies supply systems söhne team tech technologies
technology temple the theater theatre tours town township trading transport transportation transportes
travel tribe tribes trucking trust union universidad universidade university università universität
université ventures verein verlag versicherung village weingut werke winery workers zentrum école
"""
# Legal forms of companies, without full stops.
_LEGAL_FORMS = """
ab ad ag aps as asa bhd bt bv co company corp corporation cv dd dmcc doo eg eireli eood eurl ev fzco fze
gbr gesellschaft gmbh hb inc incorporated ivs kft kg kgaa kk lda limited llc llp lp ltd ltda mbh nv nyrt
oao ohg ood ooo ou oy oyj oü pao pc plc pllc pt pte pty pvt sa sapa sarl sas sau sc sccl sci scop scs sdn
se sia sl slp slu snc sociedad societa società société sp spa spol spzoo srl srls sro tbk uab ug vof zao
zoo zrt ао зао оао ооо пао тов
"""
# Those of both lists that are family names: they say nothing at the end of a name of two words.
_ALSO_FAMILIES = """
ad as bar bt church co day dd fund hall love market of power pt sa se sl steel temple
"""
# Frequent Chinese family names of one character.
_ONE_SYLLABLE = (
    "丁于任何余侯傅冯刘劉卢史叶吕吳吴呂周唐夏姚姜孙孟孫宋尹崔廖张張彭徐戴方曹曾朱李杜杨梁楊段江汪沈潘熊王"
    "田白盧石秦程罗羅胡苏范萧葉董蒋蔡蔣蕭薛蘇袁許謝譚许谢谭賈贾赵趙邓邱邹郑郭鄒鄧鄭金鍾钟阎陆陈陳陸雷韋韓"
    "韦韩馬馮马高魏黃黄黎龍龙"
)

PREFIXES = frozenset(_PREFIXES.split())
NEED_STOP = frozenset(_NEED_STOP.split())
SUFFIXES = frozenset(_SUFFIXES.split())
DOUBTFUL = frozenset(_DOUBTFUL.split())
PARTICLES = frozenset(_PARTICLES.split())
DEVOTIONS = frozenset(_DEVOTIONS.split())
VIETNAMESE = frozenset(_VIETNAMESE.split())
TWO_SYLLABLES = frozenset(_TWO_SYLLABLES.split())
COMPANY_WORDS = frozenset(_COMPANY_WORDS.split())
LEGAL_FORMS = frozenset(_LEGAL_FORMS.split())
ALSO_FAMILIES = frozenset(_ALSO_FAMILIES.split())
ONE_SYLLABLE = frozenset(_ONE_SYLLABLE)
