"""Column headers of address books in English, German, French, Spanish and Portuguese, by the target they name.

A header is compared without capitals and punctuation, first with its accents, then without. An entry may be given in
several languages; "Straße" and the like are composed with the words of QUALIFIERS ("Straße geschäftlich").
"""

HEADERS = """
formatted_name: name | full name | display name | contact name | contact | complete name | formatted name | fullname
  | anzeigename | vollständiger name | name vollständig | kontakt | kontaktname | nom complet | nom affiché
  | nom d affichage | nombre completo | nombre para mostrar | contacto | nome completo | nome de exibição | contato
honorific_prefix: name prefix | prefix | salutation | honorific prefix | anrede | akad titel | namenspräfix | civilité
  | préfixe | tratamiento | tratamento | saludo | saudação | prefijo | prefixo | akademischer titel
given_name: first name | given name | forename | firstname | christian name | first | vorname | rufname | prénom
  | nombre de pila | primer nombre | primeiro nome | nome próprio | nombres
additional_name: middle name | additional name | middle | second name | middle initial | weitere vornamen
  | zweiter vorname | deuxième prénom | autres prénoms | segundo nombre | segundo nome | nome do meio
family_name: last name | surname | family name | lastname | last | second last name | nachname | familienname | zuname
  | nom de famille | apellidos | apellido | primer apellido | sobrenome | apelido | último nome
honorific_suffix: name suffix | suffix | honorific suffix | namenszusatz | namenssuffix | suffixe | sufijo | sufixo
nickname: nickname | nick name | nick | alias | spitzname | surnom | pseudo | apodo | sobrenombre | alcunha
phonetic_given_name: phonetic first name | given name yomi | first name yomi | phonetischer vorname | yomi first name
phonetic_family_name: phonetic last name | family name yomi | last name yomi | phonetischer nachname | yomi last name
organization: company | organization | organisation | company name | organization name | account name | employer
  | associated company | account | firma | firmenname | unternehmen | société | entreprise | nom de l entreprise
  | empresa | compañía | organización | organização | companhia | nombre de la empresa | nome da empresa
department: department | organization department | organizational unit | abteilung | département | service
  | departamento | división
title: job title | jobtitle | position | organization title | occupation title | berufsbezeichnung | stellung
  | fonction | poste | titre du poste | puesto | cargo | título del puesto
role: role | profession | occupation | beruf | rolle | métier | profesión | profissão | ocupación
birthday: birthday | birth date | date of birth | birthdate | dob | bday | geburtstag | geburtsdatum
  | date de naissance | anniversaire | né le | cumpleaños | fecha de nacimiento | data de nascimento | aniversário
birthday.year: birth year | geburtsjahr | année de naissance | año de nacimiento | ano de nascimento
birthday.month: birth month | geburtsmonat | mois de naissance | mes de nacimiento | mês de nascimento
birthday.day: birth day | geburtstag tag | jour de naissance | día de nacimiento | dia de nascimento
anniversary: anniversary | wedding anniversary | jahrestag | hochzeitstag | anniversaire de mariage
  | anniversaire de mariage ou fête | aniversario | aniversario de boda | aniversário de casamento
gender: gender | sex | geschlecht | sexe | genre | sexo | género | gênero
pronouns: pronouns | pronomen | pronoms | pronombres | pronomes
languages: language | languages | preferred language | sprache | sprachen | langue | langues | idioma | idiomas | língua
time_zone: time zone | timezone | zeitzone | fuseau horaire | zona horaria | fuso horário
geo: geo | coordinates | koordinaten
note: notes | note | comments | comment | remarks | description | memo | notizen | notiz | bemerkung | bemerkungen
  | anmerkungen | kommentar | beschreibung | remarques | commentaire | commentaires | notas | nota | observaciones
  | comentarios | observações | comentários | anotações
categories: categories | category | labels | tags | tag | groups | group | group membership | kategorien | kategorie
  | schlagworte | gruppen | gruppe | catégories | catégorie | étiquettes | libellés | groupes | categorías | etiquetas
  | grupos | categorias | marcadores
photo: photo | picture | image | avatar | photo url | picture url | foto | bild
uid: uid | uuid | guid
source: source | lead source | original source | herkunft | quelle | leadquelle | origine | origen | fuente | origem | fonte
related#spouse: spouse | partner | husband | wife | ehepartner | ehegatte | conjoint | conjoint e | conjointe | cónyuge
  | cônjuge | lebenspartner
related#child: children | kinder | enfants | hijos | filhos
related#manager: manager s name | manager | managers name | reports to | vorgesetzter | name des der vorgesetzten
  | responsable | gestor | gerente | nombre del director
related#assistant: assistant s name | assistant | assistant name | name assistent | sekretariat
  | nom de l assistant e | nombre del asistente | nome do assistente
related#referred-by: referred by | empfohlen von | recommandé par | referido por | indicado por
impp: screen name | im | im address | instant messenger | im adresse | messenger
impp#skype: skype | skype name | skype id
impp#twitter: twitter | twitter handle | twitter username
impp#linkedin: linkedin | linkedin url | linkedin profile | linkedin bio | linkedin profil
impp#facebook: facebook | facebook url
impp#instagram: instagram
impp#xing: xing
impp#whatsapp: whatsapp
impp#telegram: telegram
emails: email | email address | mail | mail address | internet address | email adresse | mailadresse | courriel
  | adresse email | adresse mail | adresse de messagerie | adresse électronique | mél | correo | correo electrónico
  | dirección de correo electrónico | dirección de email | endereço de email | endereço eletrônico | emails
  | secondary email | second email | zweite email | email secondaire | correo secundario
phones#pref: haupttelefon | hauptnummer | telefon zentrale
phones: phone | phone number | telephone | telephone number | tel | telefon | telefonnummer | rufnummer | téléphone
  | numéro de téléphone | tél | teléfono | número de teléfono | telefone | número de telefone | phone numbers
urls: website | web site | web page | webpage | homepage | home page | url | website url | web address | webseite
  | internetseite | internet | site web | page web | site internet | página web | sitio web | página da web | site | domain | company domain | company domain name | website domain
addresses.street_address: street | street address | address | address line 1 | address 1 | street 1 | straße | strasse
  | anschrift | adresse | hausanschrift | rue | voie | adresse postale | calle | dirección | domicilio | rua
  | endereço | morada | logradouro | address line
addresses.extended_address: address line 2 | address 2 | street 2 | extended address | suite | apartment | unit
  | adresszusatz | zusatz | complément d adresse | complemento | adresse 2 | dirección 2 | endereço 2
addresses.locality: city | town | locality | suburb | ort | stadt | wohnort | plz ort | plz und ort | ville | commune | ciudad | población
  | localidad | municipio | cidade | município | localidade
addresses.region: state | province | region | state province | county | state region | bundesland | kanton | bundesland kanton
  | état | région | dép région | province état | provincia | estado | provincia o estado | comunidad autónoma | uf
  | estado província | provincia estado
addresses.postal_code: zip | zip code | zipcode | postal code | postcode | post code | zip postal code | plz
  | postleitzahl | code postal | cp | código postal | cep
addresses.country: country | country region | country code | nation | land | land region | staat | pays | pays région
  | país | país región | país o región | país região
addresses.post_office_box: po box | p o box | post office box | postfach | boîte postale | bp | apartado | apdo
  | apartado de correos | caixa postal | address po box
addresses.label: formatted address | full address | mailing label | adressetikett
"""
"""Target, then its headers."""

QUALIFIERS = """
home: home | private | privat | private | personal | domicile | personnel | particular | casa | residencial | pessoal
  | del domicilio | hogar | privé | privée
work: work | business | office | geschäftlich | dienstlich | arbeit | büro | bureau | travail | professionnel | trabajo
  | oficina | comercial | trabalho | geschäft | firmen | del trabajo | profesional | profissional | endereço comercial
cell: mobile | cell | cellular | handy | mobil | portable | móvil | celular | telemóvel | mobiltelefon | mobilfunk
  | handynummer | mobilnummer | gsm | cellphone
fax: fax | telefax | télécopie | télécopieur | faxnummer
pager: pager | récepteur de radiomessagerie | localizador | bip
other: other | weitere | weiteres | weiterer | autre | otro | otra | outro | outra | alternate | alternative | alternativ
pref: primary | main | preferred | haupt | principal | principale | primario | hauptnummer | haupttelefon
car: car | auto | autotelefon | voiture | coche | carro
assistant: assistant s | assistant | assistent | asistente | assistente | de l assistant e
company: company main | telefon firma | téléphone société
callback: callback | rückmeldung | rappel
isdn: isdn | rnis
telex: telex | télex
radio: radio
textphone: tty tdd | telefon für hörbehinderte
billing: billing | rechnung | rechnungs | facturation | facturación | cobrança | faturamento
delivery: shipping | delivery | liefer | lieferung | livraison | envío | entrega
postal: mailing | versand | correspondance
"""
"""vCard type, then the words for it beside a header."""

FILLERS = frozenset(
    word
    for words in (
        "number numbers no nr nummer numéro número num direct address adresse secondary",
        "the of de del do da du la le el l d des der die das e",
    )
    for word in words.split()
)
"""Words that tell nothing beside a header."""

TYPE_WORDS = """
home: home | privat | private | zuhause | domicile | maison | personnel | casa | particular | residencial | hogar | pessoal
work: work | business | office | arbeit | geschäftlich | büro | travail | bureau | professionnel | trabajo | oficina
  | trabalho | comercial
cell: mobile | cell | mobil | handy | portable | móvil | celular | telemóvel | iphone
fax: fax | telefax | télécopie
other: other | sonstige | andere | weitere | autre | otro | outro | otros | outros
main: main | zentrale | haupt | principal
pager: pager
home fax: home fax | fax privat | fax domicile | fax casa | fax residencial | fax particular
work fax: work fax | fax geschäftlich | fax arbeit | fax bureau | fax professionnel | fax trabajo | fax trabalho
spouse: spouse | ehepartner | conjoint | cónyuge | cônjuge
anniversary: anniversary | jahrestag | hochzeitstag | aniversario | aniversário
birthday: birthday | geburtstag | anniversaire | cumpleaños
homepage: home page | homepage | startseite | page d accueil
"""
"""vCard types (several joined by a blank), then the words that stand for them in a type column."""
