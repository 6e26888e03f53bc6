// What a screen shows: the sign of a room, and the board of all rooms. Builds elements, never markup from data.

const SOON = 12 * 60 * 60_000;
// The screen of a room from which a session was moved says so until this long after its former start.
const DEPARTED_SHOWN_FOR = 60 * 60_000;
const MAX_DEPARTED = 2;

/** How many rooms a page of the board shows, by the shape of the screen. */
export function roomsPerPage() {
  if (innerWidth >= innerHeight) return 9;
  return innerWidth > 700 ? 10 : 5;
}

export function renderRoom(context) {
  const { now, next, later } = findSessions(context, context.data.rooms[0]?.slug);
  const { words } = context;
  const current = element("section", `screen-block${now ? " is-main" : " is-idle"}`, element("p", "screen-label", words.now));
  if (now) current.append(...describe(context, now, true));
  else current.append(element("p", "screen-empty", next ? words.free : words.over));
  const departed = renderDeparted(context);
  if (!next) return [current, ...departed];
  const following = element("section", `screen-block${now ? "" : " is-main"}`, element("p", "screen-label", words.next));
  following.append(...describe(context, next, false));
  if (later) following.append(element("p", "screen-speakers", words.later.replace("{session}", line(context, later))));
  return [current, following, ...departed];
}

/** Says at the door where sessions that were scheduled here have moved to. */
function renderDeparted(context) {
  const { data, now, words, time, date, language } = context;
  const at = now.getTime();
  const gone = (data.departed ?? []).filter(({ former_start: former }) => at - DEPARTED_SHOWN_FOR < Date.parse(former) && Date.parse(former) < at + SOON);
  if (!gone.length) return [];
  const lines = gone.slice(0, MAX_DEPARTED).flatMap((each) => {
    const moment = each.starts_at && (date(each.starts_at) === date(each.former_start) ? time(each.starts_at) : `${date(each.starts_at)} ${time(each.starts_at)}`);
    const place = [each.room?.[language], moment ?? words.open].filter(Boolean).join(" · ");
    return [
      element("p", "screen-speakers", element("s", "", `${time(each.former_start)} ${each.title[language]}`)),
      element("p", "screen-note", moment ? words.departed.replace("{place}", place) : words.open),
    ];
  });
  return [element("section", "screen-block is-departed", element("p", "screen-label", words.changes), ...lines)];
}

export function renderBoard(context) {
  const { data, words, language, page } = context;
  const size = roomsPerPage();
  if (!data.rooms.length) return [element("p", "screen-empty", words.unpublished)];
  return data.rooms.slice(page * size, (page + 1) * size).map((room) => {
    const { now, next, later } = findSessions(context, room.slug);
    const shown = now ?? next;
    const card = element("section", `screen-card${now ? " is-on" : ""}`, element("h2", "", room.name[language]));
    const body = element("div", "screen-now");
    if (shown) {
      const when = now ? words.until.replace("{time}", context.time(now.ends_at)) : `${words.next} ${context.time(next.starts_at)}`;
      body.append(title(context, shown), element("p", "screen-time", when), ...notes(context, shown));
    } else body.append(element("p", "screen-empty", words.over));
    card.append(body);
    const after = now ? next : later;
    if (after) {
      const below = element("p", "screen-next", now ? `${words.next} ${line(context, after)}` : words.later.replace("{session}", line(context, after)));
      if (after.is_cancelled) below.append(" · ", element("strong", "", words.cancelled));
      card.append(below);
    }
    return card;
  });
}

function line({ time, language }, session) {
  return `${time(session.starts_at)} ${session.title[language]}`;
}

/** Finds the current session in a room and the next two; sessions that take place come before cancelled ones. */
function findSessions({ data, now }, room) {
  const at = now.getTime();
  const own = data.sessions.filter((each) => each.room === room);
  const running = own.filter((each) => Date.parse(each.starts_at) <= at && at < Date.parse(each.ends_at));
  const coming = own.filter((each) => at < Date.parse(each.starts_at) && Date.parse(each.starts_at) < at + SOON);
  return { now: running.find((each) => !each.is_cancelled) ?? running[0], next: coming[0], later: coming[1] };
}

function describe(context, session, isNow) {
  const { words, time, language } = context;
  const when = isNow ? `${time(session.starts_at)}–${time(session.ends_at)}` : time(session.starts_at);
  const speakers = session.speakers.map((names) => names[language]).join(context.tag.startsWith("zh") ? "、" : ", ");
  return [
    title(context, session),
    element("p", "screen-time", isNow ? `${when} · ${words.until.replace("{time}", time(session.ends_at))}` : when),
    ...(speakers ? [element("p", "screen-speakers", speakers)] : []),
    ...notes(context, session),
  ];
}

function title({ language }, session) {
  const text = session.title[language];
  return element("p", "screen-title", session.is_cancelled ? element("s", "", text) : text);
}

/** Says that a session was cancelled, or from where it was moved. */
function notes({ words, time, language }, session) {
  if (session.is_cancelled) return [element("p", "screen-note screen-note-cancelled", words.cancelled)];
  const from = [session.moved_from_start && time(session.moved_from_start), session.moved_from_room?.[language]].filter(Boolean);
  return from.length ? [element("p", "screen-note", words.moved.replace("{place}", from.join(" · ")))] : [];
}

function element(name, className, ...content) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...content);
  return made;
}
