"""Words by which a line about a person is understood, in English, German, French, Spanish and Portuguese. Data only."""

from __future__ import annotations

# Folded words of job titles; departments count too, because "Head of Sales" is one title.
_TITLES = """
ceo cfo cto coo cmo cio cpo cro chro ciso vp svp evp avp md gm hr it pr qa ux pm cpa
president vicepresident chairman chairwoman chair director managing executive chief officer manager mgr head lead leader
principal senior junior deputy assistant associate trainee intern apprentice founder cofounder owner proprietor partner
engineer engineering developer programmer scientist researcher analyst architect designer consultant adviser advisor
specialist expert technician mechanic electrician plumber carpenter accountant auditor controller bookkeeper treasurer
buyer purchaser purchasing procurement salesman saleswoman salesperson representative rep agent broker dealer editor
journalist author writer photographer producer artist lawyer attorney solicitor notary judge professor lecturer teacher
tutor coach trainer doctor physician surgeon dentist nurse therapist pharmacist veterinarian psychologist secretary
receptionist clerk administrator administration admin coordinator supervisor foreman operator planner buyer recruiter
sales marketing finance accounting operations product project programme program account accounts customer support
service success business development communications human resources legal compliance logistics production quality
technology technical research innovation strategy security data software hardware key regional national international
europe emea chef cook waiter driver pilot captain farmer baker butcher translator interpreter freelancer
geschaftsfuhrer geschaftsfuhrerin geschaftsfuhrung geschaftsleitung inhaber inhaberin vorstand vorstandin
vorsitzender vorsitzende leiter leiterin leitung vertrieb einkauf einkaufer einkauferin verkauf verkaufer verkauferin
buchhaltung buchhalter buchhalterin berater beraterin ingenieur ingenieurin entwickler entwicklerin assistent
assistentin assistenz prokurist prokuristin referent referentin sachbearbeiter sachbearbeiterin aussendienst
innendienst rechtsanwalt rechtsanwaltin notar steuerberater steuerberaterin arzt arztin zahnarzt meister meisterin
monteur techniker technikerin mitarbeiter mitarbeiterin gesellschafter grunder grunderin personal personalleiterin
directeur directrice presidente gerant gerante responsable chef cheffe ingenieure developpeur developpeuse comptable
avocat avocate fondateur fondatrice adjoint adjointe charge chargee acheteur acheteuse vendeur vendeuse commercial
commerciale secretaire conseiller conseillere technicien technicienne chercheur medecin infirmier infirmiere
directora gerente jefe jefa encargado encargada ingeniero ingeniera consultor consultora abogado abogada contable
comercial fundador fundadora socio socia dueno duena vicepresidente vicepresidenta administrador administradora
vendedor vendedora comprador compradora tecnico tecnica asesor asesora secretaria medico medica enfermera enfermero
diretor diretora chefe responsavel engenheiro engenheira advogado advogada contabilista dono dona coordenador
coordenadora gestor gestora ventas vendas compras finanzas financas recursos humanos produccion producao qualidade
calidad logistica direccion direcao direction ventes achats finances qualite ressources humaines
"""
# German writes the words together: Vertriebsleiterin, Projektmanager.
ENDINGS = ("leiter", "leiterin", "fuhrer", "fuhrerin", "manager", "managerin", "berater", "beraterin", "ingenieur", "ingenieurin",
           "assistent", "assistentin", "entwickler", "entwicklerin", "beauftragter", "beauftragte", "vertreter", "vertreterin")  # fmt: skip
# Small words inside a title: "Head of Sales and Marketing", "Directora de Ventas".
_TITLE_LINKS = "of for and & the de des du da do das dos del la le les et y e und fur der den im of, - en"
# Titles of people who stand for the whole company: "Founder of Acme".
_WHOLE = """
ceo cfo cto coo cmo cio president chairman chairwoman founder cofounder owner proprietor director geschaftsfuhrer
geschaftsfuhrerin inhaber inhaberin vorstand grunder grunderin gerant gerante fondateur fondatrice directeur directrice
fundador fundadora dueno duena socio socia dono dona presidente gerente diretor diretora directora partner administrador
administradora prokurist prokuristin
"""
_GREETINGS = """
best regards|kind regards|warm regards|regards|best wishes|best|cheers|thanks|thank you|many thanks|sincerely|
yours sincerely|yours faithfully|yours truly|mit freundlichen grussen|freundliche grusse|viele grusse|beste grusse|
liebe grusse|herzliche grusse|mfg|lg|vg|cordialement|bien cordialement|bien a vous|salutations distinguees|saludos|
saludos cordiales|un saludo|atentamente|atenciosamente|cumprimentos|com os melhores cumprimentos|melhores cumprimentos|
um abraco|abraco|obrigado|obrigada|cordiali saluti|distinti saluti|sent from my iphone|sent from my ipad|
sent from my android|von meinem iphone gesendet|envoye de mon iphone|enviado desde mi iphone|enviado do meu iphone|
sent from my mobile|via mobile|get outlook for ios|get outlook for android
"""
_ROLES = """
info office mail contact contacto contato kontakt hello hallo ola hola bonjour admin support service help sales vertrieb
ventas vendas marketing hr jobs karriere team post welcome accounting billing invoice rechnung noreply no-reply webmaster
postmaster reception geral secretaria comercial buero press presse shop bestellung orders order newsletter
"""
SOCIAL = frozenset({"linkedin", "xing", "facebook", "instagram", "twitter", "x", "github", "youtube", "tiktok", "wa", "t", "threads", "bsky", "medium"})  # fmt: skip

# A label before a value, and the kind of phone it names.
PHONE_LABELS = {
    "cell": "m|mob|mobile|mobil|handy|cell|cellphone|cellular|telemovel|tlm|tm|movil|celular|cel|portable|port|gsm|whatsapp|natel",
    "fax": "f|fax|telefax|telecopie",
    "home": "home|privat|domicile|casa",
    "work": "w|work|office|o|d|direct|dir|durchwahl|dw|buro|bureau|oficina|escritorio|geschaftlich|ligne directe|zentrale|main",
    "voice": "t|tel|telefon|telefone|telefono|telephone|phone|ph|p|fon|fone|tlf|telf",
}
OTHER_LABELS = (
    "e|email|e-mail|mail|correo|courriel|emails|w|web|website|webseite|homepage|site|sitio|url|internet|www|"
    "name|nome|nombre|nom|contact|kontakt|contacto|ansprechpartner|firma|company|empresa|societe|entreprise|"
    "organization|organisation|position|title|titel|cargo|puesto|poste|fonction|funktion|role"
)

TITLES = frozenset(_TITLES.split())
TITLE_LINKS = frozenset(_TITLE_LINKS.split())
WHOLE = frozenset(_WHOLE.split())
GREETINGS = frozenset(greeting.strip() for greeting in _GREETINGS.replace("\n", "").split("|"))
ROLES = frozenset(_ROLES.split())
