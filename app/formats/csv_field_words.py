"""Column headers of tables of companies, tasks and interactions in five languages, by the field they name. Data only."""

CARD_FIELDS = {
    "company": {
        "formatted_name": "name",
        "organization": "name",
        "emails": "emails",
        "phones": "phones",
        "urls": "links",
        "note": "description",
        "categories": "tags",
        "uid": "uid",
        "source": "source",
    },
    "contact": {},
}
"""Entity → the target of an address book → the field that holds the same."""

HEADERS = {
    "company": """
name: company | company name | account name | firma | firmenname | unternehmen | société | entreprise | raison sociale
  | empresa | compañía | razón social | razão social | organization | organisation
legal_name: legal name | full legal name | rechtlicher name | dénomination sociale | denominación social
domains: domain | domains | company domain name | website domain | domäne | domaine | dominio | domínio
industry: industry | sector | branche | secteur | secteur d activité | industria | setor | ramo
number_of_employees: employees | number of employees | headcount | mitarbeiter | mitarbeiterzahl | anzahl mitarbeiter
  | effectif | nombre d employés | salariés | empleados | número de empleados | funcionários | colaboradores
annual_revenue: revenue | annual revenue | annualrevenue | turnover | umsatz | jahresumsatz | chiffre d affaires
  | ingresos | facturación | receita | volume de negócios
currency: currency | währung | devise | moneda | moeda
vat_id: vat | vat number | vat id | ust idnr | ust id | umsatzsteuer id | numéro de tva | tva | nif | nif iva | número de iva
registration_number: registration number | company number | handelsregisternummer | siren | siret | registro mercantil
founding_date: founded | year founded | gegründet | gründungsjahr | fondée | año de fundación | fundada
description: description | notes | about us | beschreibung | notizen | notas | descripción | descrição
kinds: type | company type | typ | art | tipo
parent_id: parent company | parent account | muttergesellschaft | maison mère | empresa matriz | empresa mãe
""",
    "task": """
summary: task | title | subject | task name | summary | to do | todo | name | aufgabe | titel | betreff | tâche | titre
  | objet | tarea | título | asunto | tarefa | assunto
due_on: due | due date | due on | deadline | date | fällig | fällig am | fälligkeit | termin | échéance | date d échéance
  | vencimiento | fecha límite | fecha | vencimento | prazo | data
due_at: due at | due time | fällig um
status: status | state | zustand | statut | état | estado | situação
assignee_id: assigned to | assignee | responsible | zuständig | verantwortlich | zugewiesen an | assigné à | responsable
  | asignado a | atribuído a | responsável
priority: priority | priorität | priorité | prioridad | prioridade
description: description | notes | note | details | comment | beschreibung | notizen | remarques | descripción | notas
  | descrição | observações
""",
    "interaction": """
subject: subject | title | betreff | thema | titel | objet | sujet | titre | asunto | título | assunto
kind: kind | type | activity type | channel | art | typ | type d activité | tipo
occurred_at: date | when | time | timestamp | occurred at | start | datum | zeitpunkt | wann | heure | fecha | hora | data
direction: direction | richtung | sens | dirección | direção
outcome: outcome | result | ergebnis | résultat | resultado
duration_s: duration | seconds | dauer | durée | duración | duração
location: place | location | ort | lieu | lugar | local
body: text | body | notes | note | description | content | message | notizen | inhalt | texte | contenu | remarques
  | texto | notas | contenido | conteúdo
contacts: contact | contacts | took part | person | people | participants | kontakt | teilnehmer | personne | contacto
  | contato | participante
about: about | regarding | company | betrifft | firma | concerne | sobre | empresa
""",
}
"""Entity → field: its headers."""
