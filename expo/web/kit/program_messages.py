"""The messages of the error codes of the programme; part of `error_messages.py`."""

from flask_babel import lazy_gettext as _l

PROGRAM_MESSAGES = {
    "session_title_empty": _l("Enter a title in at least one language."),
    "session_type_missing": _l("This session type no longer exists. Choose another."),
    "session_type_in_use": _l("This type has sessions (%(sessions)s). Give them another type, or confirm."),
    "session_type_exists": _l("There is already a session type with this name. Choose another name."),
    "session_not_published": _l("This session is a draft that nobody has seen. Delete it instead of cancelling it."),
    "session_already_cancelled": _l("This session is already cancelled."),
    "session_not_cancelled": _l("This session is not cancelled."),
    "session_in_use": _l(
        "Attendees have this session on their schedules (%(agendas)s) or have seats in it (%(seats)s). Cancel it, or "
        "confirm the deletion."
    ),
    "speaker_in_use": _l("This speaker is listed in sessions (%(sessions)s). Remove them there, or confirm."),
    "speaker_without_sessions": _l("This speaker is not in any session."),
    "speaker_twice": _l("The same speaker is listed twice. Remove one of the two."),
    "too_many_tickets": _l("Select at most %(maximum)s speakers."),
    "tickets_in_progress": _l("Tickets are being issued to speakers already. Wait until all of them have theirs."),
    "tickets_starter_gone": _l("The account that started this no longer exists. Issue the tickets again."),
    "speaker_without_account": _l("This speaker has no account, so there is no e-mail address for a ticket."),
    "contact_email_missing": _l(
        "Some of these speakers have no e-mail address. Enter the contact address of the expo under Settings first, "
        "because e-mails about their tickets go there."
    ),
    "speaker_has_ticket": _l("This speaker already has a ticket."),
    "speaker_without_ticket": _l("This speaker has no ticket."),
    "same_speaker": _l("Choose a different speaker."),
    "too_many_speakers": _l("A session can have up to %(maximum)s speakers."),
    "track_exists": _l("There is already a track with this name. Choose another name."),
    "track_in_use": _l("This track has sessions (%(sessions)s). Move them to another track, or confirm."),
    "too_many_words": _l("Enter at most %(maximum)s."),
    "too_many_links": _l("Enter at most %(maximum)s links."),
    "url_invalid": _l("Enter a complete web address, such as https://example.org/slides."),
    "url_missing": _l("Enter the address of each link, or clear its title."),
    "period_reversed": _l("The end of each period must be after its start."),
    "too_many_periods": _l("Enter at most %(maximum)s periods."),
    "photo_invalid": _l("This file is not a photo that can be read. Upload a JPEG, PNG or WebP image."),
    "photo_too_large": _l("This photo has more than %(megapixels)s megapixels. Upload a smaller version."),
    "photo_too_heavy": _l("This photo is larger than %(megabytes)s MB. Upload a smaller version."),
    "materials_too_many": _l("A session can have up to %(maximum)s files. Delete one first."),
    "material_unknown": _l(
        "%(name)s is not a PDF, PPTX, ODP, KEY, ZIP, JPEG, PNG or WebP file. Save it in one of these formats and "
        "upload it again."
    ),
    "placement_changed": _l("Someone else has moved this session. Check where it is now, then try again."),
    "session_cancelled": _l("This session is cancelled, so it cannot be placed."),
    "duration_out_of_range": _l("Enter a duration of at least %(minimum)s minutes and at most %(maximum)s hours."),
    "minutes_out_of_range": _l("Enter a number of minutes from 0 to %(maximum)s."),
    "nothing_to_undo": _l("You have no changes to undo."),
    "nothing_to_redo": _l("You have no changes to redo."),
    "session_missing": _l("We could not find this session. It may have been renamed: search the schedule."),
    "speaker_missing": _l("We could not find this speaker. Search the list of speakers."),
    "version_missing": _l("We could not find this version of the timetable."),
    "preview_ended": _l("This preview is no longer available. Ask the organizers for a new link."),
    "timetable_changed": _l(
        "Someone has changed the draft in the meantime. Check the changes below and publish again."
    ),
    "schedule_row_emails": _l(
        "“%(value)s” does not have one e-mail address for each speaker. Write them in the order of the names, "
        "separated by semicolons."
    ),
    "version_superseded": _l(
        "A later version has been published. E-mails about this one would name rooms and times that have changed again."
    ),
    "timetable_unchanged": _l("There is nothing to publish: the draft is the same as the published timetable."),
    "publish_at_past": _l("This time is in the past. Choose a later one, or publish now."),
    "label_too_long": _l("This name is too long. Use up to %(maximum)s characters."),
    "day_missing": _l("The schedule does not include this day."),
    "track_missing": _l("We could not find this track. Choose one from the schedule."),
}
