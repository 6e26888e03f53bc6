"""The message of every error code: what happened, and what to do next. A test compares them with the codes raised."""

from flask_babel import lazy_gettext as _l

from expo.web.kit.add_on_messages import ADD_ON_MESSAGES
from expo.web.kit.company_page_messages import COMPANY_PAGE_MESSAGES
from expo.web.kit.desk_messages import DESK_MESSAGES
from expo.web.kit.device_messages import DEVICE_MESSAGES
from expo.web.kit.door_messages import DOOR_MESSAGES
from expo.web.kit.exhibitor_messages import EXHIBITOR_MESSAGES
from expo.web.kit.floor_plan_messages import FLOOR_PLAN_MESSAGES
from expo.web.kit.lead_messages import LEAD_MESSAGES
from expo.web.kit.meeting_messages import MEETING_MESSAGES
from expo.web.kit.program_messages import PROGRAM_MESSAGES
from expo.web.kit.proposal_messages import PROPOSAL_MESSAGES
from expo.web.kit.seat_messages import SEAT_MESSAGES

ERROR_MESSAGES = {
    **ADD_ON_MESSAGES,
    **COMPANY_PAGE_MESSAGES,
    **DEVICE_MESSAGES,
    **DOOR_MESSAGES,
    **DESK_MESSAGES,
    **LEAD_MESSAGES,
    **PROGRAM_MESSAGES,
    "value_out_of_range": _l(
        "A value you entered is too long or out of range, so nothing was saved. Correct it and try again."
    ),
    "permission_missing": _l("Your account does not have permission to do this. Ask an organizer for access."),
    "sign_in_failed": _l(
        "The e-mail address or password is incorrect. Try again, or request a sign-in link by e-mail."
    ),
    "sign_in_too_slow": _l("Your sign-in timed out. Start again."),
    "confirmation_required": _l("Confirm your identity to continue, then try again."),
    "password_wrong": _l("Your current password is incorrect. Try again, or request a link by e-mail."),
    "code_wrong": _l("This code is incorrect or has already been used. Enter the code that your app shows now."),
    "passkey_refused": _l("This passkey was not accepted. Try again, or sign in another way."),
    "passkey_missing": _l("We could not find this passkey. It may already have been removed."),
    "passkeys_too_many": _l("You can have up to %(maximum)s passkeys. Remove one before you add another."),
    "authenticator_exists": _l("An authenticator app is already set up. Remove it before you set up another."),
    "authenticator_missing": _l("No authenticator app is set up for this account."),
    "second_factor_missing": _l("Set up a passkey or an authenticator app first."),
    "second_factor_needed": _l(
        "Your account has a second factor. Use it instead of your password to confirm your identity."
    ),
    "device_missing": _l("This device is already signed out."),
    "link_used": _l("This sign-in link has already been used. Request a new one."),
    "link_replaced": _l("A newer e-mail has replaced this link. Open the latest e-mail, or sign in to get a new link."),
    "link_expired": _l("This link has expired. Request a new one."),
    "link_broken": _l("This link is incomplete. Open it from the e-mail again, or copy the whole link."),
    "email_invalid": _l("This does not look like an e-mail address. Check it for typing errors."),
    "password_weak": _l(
        "This password is too easy to guess. Use at least %(minimum)s characters, not one repeated character."
    ),
    "too_many_requests": _l("Too many attempts. Wait %(wait)s, then try again."),
    "edition_missing": _l("We could not find this expo, or it is not open yet. Check the address."),
    "edition_exists": _l("The short name %(slug)s is already taken. Choose another."),
    "dates_reversed": _l("The last day is before the first day. Choose a later last day."),
    "time_zone_unknown": _l("%(time_zone)s is not a valid time zone. Use an IANA name such as Asia/Shanghai."),
    "last_organizer": _l("This is the only organizer of the expo. Make someone else an organizer first."),
    "person_missing": _l("We could not find this person. They may have been removed from the team."),
    "slug_invalid": _l("Use only lowercase letters, digits and hyphens, up to 64 characters."),
    "title_empty": _l("Enter a name for the expo."),
    "color_invalid": _l("Enter a colour as # followed by six hexadecimal digits, such as #0f766e."),
    "languages_empty": _l("Choose at least one language."),
    "currency_unknown": _l("Enter a three-letter currency code, such as CNY."),
    "permissions_empty": _l("Choose at least one permission."),
    "api_token_missing": _l("We could not find this API token. It may have been deleted."),
    "sold_out": _l("Places left: %(left)s. Register fewer people, or choose another ticket."),
    "not_on_sale": _l("This ticket is not on sale yet. Come back when sales open, or choose another ticket."),
    "sale_ended": _l("This ticket is no longer on sale. Choose another ticket."),
    "ticket_type_missing": _l("We could not find this ticket. Choose one from the list."),
    "ticket_type_exists": _l("A ticket with the code %(ticket_type)s already exists. Choose another code."),
    "quota_exists": _l("A quota named %(name)s already exists. Choose another name."),
    "quota_missing": _l("We could not find this quota. It may have been deleted."),
    "quota_below_taken": _l("%(taken)s places are already taken. Enter at least this number."),
    "order_empty": _l("Add at least one person."),
    "order_too_large": _l(
        "You can register up to %(maximum)s people in one order. Place a second order for the others."
    ),
    "too_many_of_type": _l("The limit for this ticket is %(maximum)s per order."),
    "order_missing": _l("We could not find this order. Check the order code."),
    "order_expired": _l("This registration was not confirmed in time, so its places were released. Register again."),
    "order_cancelled": _l("This registration has been cancelled. You can register again while places are left."),
    "already_paid": _l("This order has already been paid."),
    "nothing_to_pay": _l("This order is free, so there is nothing to pay."),
    "attendee_missing": _l("We could not find this attendee. Check the code."),
    "attendee_state": _l(
        "This is no longer possible because the record has changed. Reload the page to see its current status."
    ),
    "email_unchanged": _l("This is already the e-mail address of the registration. Enter the correct one."),
    "ticket_unchanged": _l("The attendee already has this ticket. Choose another one."),
    "order_confirmed": _l("This registration is already confirmed. You do not need to do anything."),
    "maybe_registered": _l("This person may already be registered. Check the registrations below first."),
    "name_empty": _l("Enter a name."),
    "name_too_long": _l("Shorten the name to at most %(maximum)s characters."),
    "text_too_long": _l("Shorten this to at most %(maximum)s characters."),
    "text_unprintable": _l(
        "These characters cannot be printed on a badge: %(characters)s. Enter the text without them."
    ),
    "country_unknown": _l("Choose a country or region from the list."),
    "language_unknown": _l("Choose a language from the list."),
    "source_unknown": _l("The source of an order must be web, api, desk, import or demo."),
    "code_invalid": _l("Use only letters, digits, hyphens and underscores, up to 32 characters."),
    "price_negative": _l("Enter a price of zero or more."),
    "number_out_of_range": _l("This number is out of range."),
    "dates_unconfirmed": _l(
        "Badges have been issued, or some tickets are valid on certain days only. Review what the new dates "
        "mean for them, then confirm."
    ),
    "expo_too_long": _l("An expo can last up to %(maximum)s days."),
    "valid_from_outside": _l("The first day of validity is before the expo starts. Choose a day of the expo."),
    "badge_missing": _l("We could not find this badge. Check the code."),
    "badge_not_issuable": _l("Only confirmed attendees can have a badge. Confirm the registration first."),
    "badge_issues_used_up": _l(
        "This badge has been issued %(maximum)s times, which is the limit. Cancel the registration and "
        "register the attendee again."
    ),
    "signing_keys_used_up": _l("All signing keys of this expo have been used."),
    "signing_key_missing": _l("We could not find this signing key."),
    "secret_key_changed": _l(
        "The badge keys were encrypted with a different SECRET_KEY. Restart with the original one."
    ),
    "email_missing": _l("We could not find this e-mail."),
    "mail_unavailable": _l("The mail server is not responding: %(reason)s"),
    "mail_refused": _l("The mail server rejected the e-mail: %(reason)s"),
    "checkpoint_missing": _l("We could not find this checkpoint. It may have been deleted."),
    "checkpoint_exists": _l("A checkpoint with the code %(checkpoint)s already exists. Choose another code."),
    "checkpoint_code_invalid": _l(
        "Use only letters, digits, dots, hyphens and underscores, up to %(maximum)s characters. Start with a "
        "letter or digit."
    ),
    "checkpoint_name_empty": _l("Enter a name for the checkpoint."),
    "checkpoint_times_reversed": _l("The closing time is before the opening time. Choose a later closing time."),
    "capacity_invalid": _l("Enter a limit of at least one person, or leave it empty for no limit."),
    "capacity_below_inside": _l("There are %(inside)s people inside. Enter at least this number."),
    "checkpoint_zone_fixed": _l(
        "Badges have been scanned at this checkpoint, so it cannot move to another zone. Create a new checkpoint there."
    ),
    "scan_missing": _l("We could not find this scan."),
    "undo_too_late": _l("A scan can be undone for %(minutes)s minutes. This one is older."),
    "zone_missing": _l("We could not find this zone. It may have been deleted."),
    "zone_exists": _l("A zone with the code %(zone)s already exists. Choose another code."),
    "zone_code_invalid": _l(
        "Use only letters, digits, dots, hyphens and underscores, up to %(maximum)s characters. Start with a "
        "letter or digit."
    ),
    "zone_name_empty": _l("Enter a name for the zone."),
    "zone_group_invalid": _l(
        "Use only letters, digits, dots, hyphens and underscores, up to %(maximum)s characters. Start with a "
        "letter or digit."
    ),
    "zone_percent_invalid": _l("Enter a percentage between 1 and 100, or leave the field empty."),
    "zone_percent_reversed": _l("The warning must come before the alarm. Enter a lower percentage here."),
    "alarm_missing": _l("We could not find this alarm. Reload the page to see the current ones."),
    "control_room_out_of_range": _l("Enter a number between %(minimum)s and %(maximum)s."),
    "zone_in_use": _l(
        "Zone %(zone)s has checkpoints or scans. It cannot be deleted, and its group and the rule for second entries "
        "cannot be changed."
    ),
    "hall_missing": _l("We could not find this hall. It may have been deleted."),
    "room_missing": _l("We could not find this room. It may have been deleted."),
    "hall_exists": _l("A hall named %(name)s already exists. Choose another name."),
    "room_exists": _l("A room named %(name)s already exists in this hall. Choose another name."),
    "hall_in_use": _l("This hall cannot be deleted because it is in use. Move its contents first."),
    "room_in_use": _l("This room cannot be deleted because it is in use. Move its contents first."),
    "checkpoint_in_use": _l(
        "This checkpoint cannot be deleted because badges have been scanned there. Close it instead."
    ),
    "registration_not_open": _l("Registration is currently closed. Come back later."),
    "registration_closed": _l("Registration for this expo has closed."),
    "registration_times_reversed": _l("Registration closes before it opens. Choose a later closing time."),
    "cursor_invalid": _l("This cursor does not belong to this list. Start with the first page."),
    "idempotency_key_invalid": _l("An Idempotency-Key must be 1 to %(maximum)s printable ASCII characters."),
    "idempotency_key_reused": _l(
        "This Idempotency-Key was used with a different request. Use a new key for each request."
    ),
    "scan_unreadable": _l("This code could not be read. Scan it again."),
    "topic_unknown": _l("%(topic)s is not one of the topics. Choose topics from the list."),
    "choices_too_many": _l("Choose up to %(maximum)s."),
    "recommendation_missing": _l("We could not find this recommendation. It may have been removed."),
    "topic_missing": _l("This topic has not been changed, or it was deleted. Reload the page."),
    "topic_has_parts": _l("This topic has subtopics. Move or delete them first."),
    "topic_parent_invalid": _l("A topic can be in a group or under a topic of a group. Choose another place for it."),
    "topics_too_many": _l("Choose up to %(maximum)s topics."),
    "company_name_empty": _l("The company name is missing."),
    "company_twice": _l("This company is already on line %(other_line)s."),
    "website_invalid": _l("%(website)s is not a web address. Enter it as https://www.example.com."),
    "country_not_known": _l(
        "The country or region %(country)s is not recognized. Enter its name in English or Chinese, or its "
        "two-letter code."
    ),
    "booths_too_many": _l("A company can have up to %(maximum)s booths."),
    "rows_refused": _l(
        "Nothing was imported. Rows with errors: %(count)s. Correct them, or choose to import only the valid rows."
    ),
    "file_missing": _l("This file is no longer available."),
    "version_outdated": _l("Someone else changed this in the meantime. Check what they changed, then save again."),
    "page_missing": _l("We could not find this page. Check the address."),
    "file_empty": _l("This file is empty. Choose another file."),
    "file_too_large": _l("This file is too large. Files can be up to %(megabytes)s MB."),
    "file_not_text": _l("This is not a text file. Save it as CSV, Excel, XML or JSON and upload it again."),
    "file_is_html": _l("This file is a web page. Download the actual file and upload it again."),
    "file_entities": _l(
        "This file declares XML entities, which are not supported. Save it without them and upload it again."
    ),
    "file_too_deep": _l("This file is nested too deeply. Up to %(maximum)s levels are supported."),
    "file_too_many_elements": _l("This file has too many elements. Up to %(maximum)s are supported."),
    "file_broken": _l("This file is damaged or incomplete: %(reason)s"),
    "file_encoding": _l("The text encoding of this file is not recognized. Save it as UTF-8 and upload it again."),
    "file_kind": _l("This is a %(kind)s file. Upload a CSV, Excel or JSON file."),
    "schedule_unknown": _l(
        "This schedule format is not supported. Upload CSV, Excel, frab XML, or JSON of frab, OPass or Sessionize."
    ),
    "schedule_no_sessions": _l(
        "This file has no sessions. We looked for them in %(places)s. Nothing was changed: check that the "
        "export is complete."
    ),
    "schedule_no_titles": _l("None of the sessions in this file has a title. Check that it is a schedule export."),
    "schedule_no_times": _l(
        "None of the sessions in this file has a time. Export the schedule, not the list of talks."
    ),
    "schedule_too_large": _l("A schedule can have up to %(maximum)s sessions."),
    "too_many_removals": _l(
        "This file would remove %(count)s of %(total)s sessions. If you want this, confirm the number and "
        "import the file again."
    ),
    "file_beyond_limits": _l(
        "This file took too much memory or time to read. Save only the list as CSV and upload it again."
    ),
    "file_not_in_encoding": _l("This file is not encoded in %(encoding)s. Choose another encoding."),
    "sheet_missing": _l("The sheet %(sheet)s does not exist in this file. Available sheets: %(sheets)s"),
    "export_missing": _l("We could not find this file. It may have been deleted: export the list again."),
    "quantity_invalid": _l("“%(quantity)s” is not a number of people from 1 to %(maximum)s. Correct this cell."),
    "import_missing": _l("We could not find this import. Its file may have been deleted: upload it again."),
    "import_stopped": _l(
        "The import failed several times in a row and was stopped. Everything imported so far is kept. Resume it to "
        "continue where it stopped; if it stops again, ask your administrator to check the worker’s log."
    ),
    "import_not_stopped": _l("Someone has already resumed or cancelled this import. Open its page to see the status."),
    "changed_meanwhile": _l(
        "Someone else deleted or changed something that this depends on at the same moment, so nothing was saved. "
        "Reload the page and try again."
    ),
    "import_not_ready": _l("Someone has already started or finished this import. Open its page to see the status."),
    "import_ended": _l("This import has already finished."),
    "import_columns_missing": _l("Choose a column or value for these fields first: %(fields)s."),
    "import_encoding_unconfirmed": _l("Confirm the encoding of the file first."),
    "import_starter_gone": _l("The account that started this import no longer exists. Start the import again."),
    "import_cancelled": _l("Not imported: cancelled or refunded in the file."),
    "import_cancelled_registered": _l(
        "Cancelled or refunded in the file, but registered here. If this is correct, cancel the registration on the "
        "attendee’s page."
    ),
    "import_cancelled_here": _l(
        "This registration was cancelled here, and importing does not restore it. To restore it, register "
        "the person manually."
    ),
    "import_pending": _l("Not imported: not confirmed in the file."),
    "import_unpaid": _l("Not imported: not paid in the file."),
    "status_not_known": _l(
        "The status “%(status)s” is not recognized. Use confirmed, awaiting approval or cancelled, or do not "
        "import this column."
    ),
    "schedule_event_untitled": _l("Session %(event)s has no title. Give it one and upload the file again."),
    "schedule_event": _l("Session %(event)s could not be read: %(reason)s"),
    "schedule_row_untitled": _l("This session has no title. Enter one and upload the file again."),
    "schedule_row_day": _l("“%(value)s” is not a date. Write it as 2027-05-26."),
    "schedule_row_time": _l("“%(value)s” is not a time. Write it as 14:30."),
    "schedule_row_duration": _l("“%(value)s” is not a duration. Write minutes, or hours and minutes as 1:30."),
    "schedule_row_ends_early": _l("The session ends before it starts: “%(value)s”."),
    "schedule_duplicate": _l("Session %(event)s is in the file twice."),
    "table_column": _l("The column %(column)s does not exist in this file. Available columns: %(columns)s"),
    "table_column_missing": _l("No column for %(field)s was found in this file. Available columns: %(columns)s"),
    "table_field": _l("The field %(field)s does not exist. Available fields: %(fields)s"),
    "table_header_twice": _l("Two columns are named %(column)s. Rename one of them."),
    "table_not_list": _l("The file must contain a list of objects."),
    "table_too_many_cells": _l("The table is too large. Up to %(cells)s cells are supported."),
    "table_too_wide": _l("The table is too wide: cell %(cell)s is not empty. Up to %(columns)s columns are supported."),
    "workbook_encrypted": _l("This workbook is locked with a password. Save it without one and upload it again."),
    "workbook_merged": _l("The sheet has too many merged cells. Up to %(areas)s are supported."),
    "workbook_parts": _l("The workbook has too many parts. Up to %(parts)s are supported."),
    "workbook_ratio": _l(
        "The workbook expands to more than %(ratio)s times its size. Save only the list in a new workbook."
    ),
    "workbook_sheets": _l("The workbook has too many sheets. Up to %(sheets)s are supported."),
    "workbook_texts": _l("The workbook has too many different texts. Up to %(texts)s are supported."),
    "workbook_unpacked": _l("The workbook is too large when unpacked. Up to %(megabytes)s MB are supported."),
    "table_too_large": _l("The table is too large. Up to %(rows)s rows and %(columns)s columns are supported."),
    "demo_over_real_data": _l("This database contains a real expo. Load the demo into a separate database."),
    "demo_exists": _l("The demo is already loaded. Use --replace to create it again."),
    "ticket_type_not_known": _l("The ticket %(ticket_type)s does not exist. Enter the code or name of a ticket."),
    **EXHIBITOR_MESSAGES,
    **PROPOSAL_MESSAGES,
    **SEAT_MESSAGES,
    **FLOOR_PLAN_MESSAGES,
    **MEETING_MESSAGES,
}
