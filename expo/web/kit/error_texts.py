"""The sentence for every error code: what happened, and what to do next. A test holds the codes against the code."""

from flask_babel import lazy_gettext as _l

SENTENCES = {
    "value_out_of_range": _l(
        "Something you entered is too long or out of range, so nothing was saved. Check it and try again."
    ),
    "permission_missing": _l("You may not do this with the account you are signed in with."),
    "sign_in_failed": _l("The address or the password is not right. Try again, or ask for a sign-in link by e-mail."),
    "sign_in_too_slow": _l("The sign-in took too long. Start again."),
    "confirmation_required": _l("This needs a fresh confirmation that it is you. Confirm it, then try again."),
    "password_wrong": _l("This is not your current password. Try again, or get a link by e-mail instead."),
    "code_wrong": _l("This code is wrong or already used. Enter the one that your app shows now."),
    "passkey_refused": _l("This passkey was not accepted. Try again, or use another way."),
    "passkey_missing": _l("There is no such passkey. It may have been removed already."),
    "passkeys_too_many": _l("You can have %(maximum)s passkeys. Remove one first."),
    "authenticator_exists": _l("An authenticator app is already set up. Remove it first."),
    "authenticator_missing": _l("No authenticator app is set up."),
    "second_factor_missing": _l("Set up a passkey or an authenticator app first."),
    "second_factor_needed": _l("You have a second factor. Confirm with it instead of your password."),
    "device_missing": _l("This device is already signed out."),
    "link_used": _l("This sign-in link was used already. Ask for a new one."),
    "link_replaced": _l(
        "This link has been replaced by a newer one. Open the newest e-mail, or sign in to get a link."
    ),
    "link_expired": _l("This link is too old. Ask for a new one."),
    "link_broken": _l("This link is not complete. Open it from the letter again, or copy the whole of it."),
    "email_invalid": _l("This does not look like an e-mail address. Check it for typing errors."),
    "password_weak": _l("Choose a longer password: at least %(minimum)s characters, not one repeated."),
    "too_many_requests": _l("Too many attempts. Wait %(retry_after)s seconds and try again."),
    "edition_missing": _l("There is no such expo here, or none is open yet."),
    "edition_exists": _l("There is already an expo with the short name %(slug)s. Choose another."),
    "dates_reversed": _l("The last day lies before the first."),
    "time_zone_unknown": _l("%(time_zone)s is not a time zone. Choose one such as Asia/Shanghai."),
    "last_organizer": _l("Somebody must be left who runs this expo. Make another person an organizer first."),
    "person_missing": _l("There is no such person here."),
    "slug_invalid": _l("Use small letters, digits and dashes only, at most 64."),
    "title_empty": _l("Enter a title."),
    "color_invalid": _l("Enter a colour as # and six digits or letters, such as #0f766e."),
    "languages_empty": _l("Choose at least one language."),
    "currency_unknown": _l("Enter a currency by its three letters, such as CNY."),
    "upload_missing": _l("This file is not kept any more. Upload it again."),
    "permissions_empty": _l("Choose at least one permission."),
    "api_token_missing": _l("There is no such API token."),
    "sold_out": _l("Only %(left)s places are left. Choose fewer, or another kind of ticket."),
    "not_on_sale": _l("This ticket is not on sale yet. Come back when its sale has begun."),
    "sale_ended": _l("This ticket is not on sale any more. Choose another kind."),
    "ticket_type_missing": _l("There is no such ticket. Choose one from the list."),
    "ticket_type_exists": _l("There is already a ticket with the code %(ticket_type)s. Choose another code."),
    "quota_exists": _l("There is already a quota with the name %(name)s. Choose another name."),
    "quota_missing": _l("There is no such quota."),
    "quota_below_taken": _l("%(taken)s places are taken already. Choose at least that many."),
    "order_empty": _l("Add at least one person."),
    "order_too_large": _l("One order holds at most %(maximum)s people. Make a second order for the others."),
    "too_many_of_type": _l("One order holds at most %(maximum)s tickets of this kind."),
    "order_missing": _l("There is no such order here."),
    "order_expired": _l(
        "This registration was not confirmed in time, and its places were given back. Please register again."
    ),
    "order_cancelled": _l("This registration was cancelled. You can register again while there are places."),
    "already_paid": _l("This order is paid already."),
    "nothing_to_pay": _l("There is nothing to pay for this order."),
    "attendee_missing": _l("There is no such attendee here."),
    "attendee_state": _l("This is not possible any more: things have changed meanwhile. Look at the record again."),
    "email_unchanged": _l("The registration has this e-mail address already. Enter the correct one."),
    "ticket_unchanged": _l("The attendee has this ticket already. Choose another one."),
    "order_confirmed": _l("This registration is confirmed already. Nothing needs to be done."),
    "maybe_registered": _l("This person seems to be registered already. Check the registrations below first."),
    "name_empty": _l("Enter a name."),
    "name_too_long": _l("Shorten the name to at most %(maximum)s characters."),
    "text_too_long": _l("Shorten this to at most %(maximum)s characters."),
    "text_unprintable": _l(
        "These characters cannot be printed on a badge: %(characters)s. Please write it without them."
    ),
    "country_unknown": _l("Choose a country from the list."),
    "language_unknown": _l("Choose a language from the list."),
    "source_unknown": _l("An order comes from web, api, desk, import or demo."),
    "code_invalid": _l("Use letters, digits, dashes and underscores only, at most 32."),
    "price_negative": _l("A price cannot be less than zero."),
    "number_out_of_range": _l("This number is out of its range."),
    "dates_unconfirmed": _l(
        "Badges are out, or tickets are for particular days. Confirm what the new days mean for them."
    ),
    "expo_too_long": _l("An expo can last at most %(maximum)s days."),
    "valid_from_outside": _l("The first day of validity must not lie before the first day of the expo."),
    "badge_missing": _l("There is no such badge."),
    "badge_not_issuable": _l("Only a confirmed attendee can have a badge."),
    "badge_issues_used_up": _l("This badge was issued %(maximum)s times. Cancel the attendee and register them again."),
    "signing_keys_used_up": _l("This edition has used up its signing keys."),
    "signing_key_missing": _l("There is no such signing key."),
    "secret_key_changed": _l("The badge keys were made with another SECRET_KEY. Start with that key again."),
    "letter_missing": _l("There is no such letter."),
    "mail_unavailable": _l("The mail server does not answer at the moment: %(reason)s"),
    "mail_refused": _l("The mail server refused the letter: %(reason)s"),
    "checkpoint_missing": _l("There is no such checkpoint here."),
    "checkpoint_exists": _l("There is already a checkpoint with the code %(checkpoint)s. Choose another."),
    "checkpoint_code_invalid": _l(
        "Use letters, digits, dots, dashes and underscores only, at most %(maximum)s, beginning with a letter or digit."
    ),
    "checkpoint_name_empty": _l("Enter a name for the checkpoint."),
    "checkpoint_times_reversed": _l("The checkpoint would close before it opens."),
    "capacity_invalid": _l("Allow at least one person inside, or leave the limit empty."),
    "capacity_below_inside": _l("%(inside)s people are inside now. Choose at least that many."),
    "hall_missing": _l("There is no such hall here."),
    "room_missing": _l("There is no such room here."),
    "hall_exists": _l("There is already a hall called %(name)s. Choose another name."),
    "room_exists": _l("There is already a room called %(name)s in this hall. Choose another name."),
    "hall_in_use": _l("This hall is still in use, so it cannot be deleted. Move what uses it first."),
    "room_in_use": _l("This room is still in use, so it cannot be deleted. Move what uses it first."),
    "checkpoint_in_use": _l("Badges have been scanned at this checkpoint, so it cannot be deleted. Close it instead."),
    "registration_not_open": _l("Registration is not open at the moment. Please come back later."),
    "registration_closed": _l("Registration for this expo has closed."),
    "registration_times_reversed": _l("Registration would close before it opens. Choose a later closing time."),
    "cursor_invalid": _l("This cursor is not one of this list. Begin with the first page."),
    "idempotency_key_invalid": _l("An Idempotency-Key has 1 to %(maximum)s printable ASCII characters."),
    "idempotency_key_reused": _l(
        "This Idempotency-Key came before with another request. Use a new one for each write."
    ),
    "scan_unreadable": _l("This scan could not be read. Scan again."),
    "topic_unknown": _l("%(topic)s is not among the topics. Choose from the list."),
    "topics_too_many": _l("Choose at most %(maximum)s topics."),
    "company_name_empty": _l("The company has no name."),
    "company_twice": _l("The same company stands on line %(other_line)s already."),
    "website_invalid": _l("%(website)s is no web address. Write it as https://www.example.com."),
    "country_not_known": _l(
        "%(country)s is not a country or region that we know. Write its name in English or Chinese, or its two letters."
    ),
    "booths_too_many": _l("A company may have at most %(maximum)s booths."),
    "rows_refused": _l(
        "%(count)s rows cannot be taken, so nothing was changed. Mend them, or ask for the good rows alone."
    ),
    "exhibitor_missing": _l("There is no such exhibitor at this expo."),
    "session_missing": _l("There is no such session at this expo. It may have been renamed: look in the programme."),
    "speaker_missing": _l("There is no such speaker at this expo."),
    "day_missing": _l("The programme has no such day."),
    "track_missing": _l("There is no such track at this expo."),
    "page_missing": _l("There is no such page."),
    "file_empty": _l("The file is empty."),
    "file_too_large": _l("The file is too large: at most %(megabytes)s MB."),
    "file_not_text": _l("This is not a text file. Save it as CSV, Excel, XML or JSON and try again."),
    "file_is_html": _l("This is a web page, not the file itself. Download the file and try again."),
    "file_entities": _l("This file declares entities, which are not read. Save it without them and upload it again."),
    "file_too_deep": _l("The file is nested too deeply: at most %(maximum)s levels are read."),
    "file_too_many_elements": _l("The file holds too many elements: at most %(maximum)s are read."),
    "file_broken": _l("The file is damaged or incomplete: %(reason)s"),
    "file_encoding": _l("The letters of this file cannot be read. Save it as UTF-8 and try again."),
    "file_kind": _l("This is a %(kind)s file. A CSV, Excel or JSON file is needed."),
    "schedule_unknown": _l(
        "This is not a schedule that we can read. Upload frab XML, frab JSON, OPass JSON or JSON from Sessionize."
    ),
    "schedule_no_sessions": _l(
        "There are no sessions in this file. We looked for them in %(places)s. Nothing was changed: check that this is "
        "the whole export."
    ),
    "schedule_no_titles": _l("No session in this file has a title. Check that it is an export of a schedule."),
    "schedule_no_times": _l("No session in this file has a time. Export the schedule, not the list of talks."),
    "schedule_too_large": _l("A schedule holds at most %(maximum)s sessions."),
    "too_many_removals": _l(
        "This file would remove %(count)s of %(total)s sessions. If that is what you want, allow this number and "
        "import it again."
    ),
    "file_beyond_limits": _l(
        "This file could not be read with the memory and time allowed for it. Save the list alone as CSV and upload "
        "that."
    ),
    "file_not_in_encoding": _l("This file is not in the encoding %(encoding)s. Choose another."),
    "sheet_missing": _l("The file has no sheet %(sheet)s. It has: %(sheets)s"),
    "import_missing": _l("There is no such import at this expo, or its file was deleted. Upload the file again."),
    "import_stopped": _l(
        "The import failed several times in a row and was stopped. Attendees imported so far stay registered. "
        "Resume it to continue with the next row; if it stops again, ask whoever runs this installation to check the "
        "worker’s log."
    ),
    "import_not_stopped": _l("This import was resumed or cancelled meanwhile. Look at its page."),
    "row_names_several": _l(
        "This row stands for %(quantity)s tickets but names one person. Give each of them a row of their own."
    ),
    "changed_meanwhile": _l(
        "Somebody else deleted or changed something that this depends on at the same moment, so nothing was saved. "
        "Reload the page and try again."
    ),
    "import_not_ready": _l("This import was started or ended meanwhile. Look at its page."),
    "import_ended": _l("This import has ended already."),
    "import_columns_missing": _l("Choose where these come from first: %(fields)s."),
    "import_encoding_unconfirmed": _l("Confirm the encoding of the file first."),
    "import_starter_gone": _l("The person who started this import has no account any more. Start it again."),
    "import_cancelled": _l("Cancelled or refunded according to the file: not imported."),
    "import_cancelled_registered": _l(
        "Cancelled or refunded according to the file, but registered here. Cancel the registration on the attendee's "
        "page if that is right."
    ),
    "import_cancelled_here": _l(
        "This person's registration was cancelled here and an import does not restore it. Register the person by hand "
        "if that is wanted."
    ),
    "import_pending": _l("Not confirmed according to the file: not imported."),
    "import_unpaid": _l("Not paid according to the file: not imported."),
    "status_not_known": _l(
        "The status “%(status)s” is not known. Write confirmed, awaiting approval or cancelled, or do not import the "
        "column."
    ),
    "schedule_event_untitled": _l("Session %(event)s has no title. Give it one and upload the file again."),
    "schedule_event": _l("Session %(event)s cannot be read: %(reason)s"),
    "schedule_duplicate": _l("Session %(event)s stands in the file twice."),
    "table_column": _l("The file has no column %(column)s. It has: %(columns)s"),
    "table_column_missing": _l("The file has no column for %(field)s. It has: %(columns)s"),
    "table_field": _l("%(field)s is not a field of ours. These are: %(fields)s"),
    "table_header_twice": _l("Two columns are called %(column)s."),
    "table_not_list": _l("A list of objects is needed."),
    "table_too_many_cells": _l("The table is too large: at most %(cells)s cells."),
    "table_too_wide": _l("The table is too wide: at most %(columns)s columns. It has something in %(cell)s."),
    "workbook_merged": _l("The sheet has too many merged cells: at most %(areas)s."),
    "workbook_parts": _l("This workbook has too many parts: at most %(parts)s."),
    "workbook_ratio": _l(
        "This workbook unpacks to more than %(ratio)s times its size. Save the list alone in a new workbook."
    ),
    "workbook_sheets": _l("This workbook has too many sheets: at most %(sheets)s."),
    "workbook_texts": _l("This workbook has too many different texts: at most %(texts)s."),
    "workbook_unpacked": _l("This workbook is too large when unpacked: at most %(megabytes)s MB."),
    "table_too_large": _l("The table is too large: at most %(rows)s rows and %(columns)s columns."),
    "demo_over_real_data": _l("There is a real expo in this database. The demo can only stand in one of its own."),
    "demo_exists": _l("The demo is loaded already. Ask for --replace to make it anew."),
    "ticket_type_not_known": _l("There is no ticket %(ticket_type)s. Write the code or the name of one."),
}
