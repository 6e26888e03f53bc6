"""The messages of the error codes of leads, sharing and webhooks; part of `error_messages.py`."""

from flask_babel import lazy_gettext as _l

LEAD_MESSAGES = {
    "lead_missing": _l("We could not find this lead. Your team may have deleted it."),
    "lead_withdrawn": _l("This visitor no longer shares their details with you, so nothing can be added."),
    "lead_note_missing": _l("We could not find this note. A colleague may have deleted it."),
    "lead_note_empty": _l("Write a note first."),
    "lead_note_too_long": _l("This note is too long. Use at most %(maximum)s characters."),
    "lead_question_missing": _l("We could not find this question. A colleague may have removed it."),
    "lead_question_invalid": _l(
        "Enter a question, and for a choice 2 to %(options)s options of up to %(length)s characters, one on each line."
    ),
    "lead_questions_too_many": _l("You can ask up to %(maximum)s questions. Remove one first."),
    "lead_licences_used": _l(
        "All %(maximum)s lead licences of the package are assigned. Remove one from a member first, or ask the "
        "organizers for more."
    ),
    "lead_licence_missing": _l(
        "You need a lead licence to scan badges. An owner of your team can assign you one: %(owners)s. Your scans stay "
        "on this device until then."
    ),
    "leads_not_approved": _l("Your company can scan badges once the organizers have approved it."),
    "lead_scans_unreadable": _l("The scans could not be read. Reload the page; nothing on this device is lost."),
    "phone_missing": _l("Enter the phone number that you want to share."),
    "webhook_missing": _l("We could not find this webhook. A colleague may have deleted it."),
    "webhook_delivery_missing": _l("We could not find this delivery. It may have been deleted after 30 days."),
    "webhook_url_invalid": _l("Enter a web address such as https://crm.example.com/leads."),
    "webhook_url_insecure": _l("The address must begin with https://, because contact details are sent to it."),
    "webhook_address_private": _l("This address leads to a private network. Use one that is reachable publicly."),
    "webhook_events_missing": _l("Choose at least one event."),
    "webhooks_too_many": _l("You can have up to %(maximum)s webhooks. Delete one first."),
}
