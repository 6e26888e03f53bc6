// The expo day of a moment at a checkpoint: before the turn-over hour it is the previous day, if that is an expo day.
// The same rule as expo/pure/door_days.py; tests/pure/door_days.json verifies both.

const TURN_OVER_HOUR = 4;

const formats = new Map(); // by time zone: making one takes longer than a whole decision

// Returns a day as YYYY-MM-DD.
export function dayAtDoor(moment, { time_zone, starts_on, ends_on }) {
  const { day, hour } = here(moment, time_zone);
  const before = dayBefore(day);
  return hour < TURN_OVER_HOUR && starts_on <= before && before <= ends_on ? before : day;
}

export function calendarDay(moment, timeZone) {
  return here(moment, timeZone).day;
}

// Returns the moment at which a day begins at the doors: midnight, or the turn-over hour after a day of the expo.
export function dayBeganAt(day, { time_zone, starts_on, ends_on }) {
  const before = dayBefore(day);
  const hour = starts_on <= before && before <= ends_on ? TURN_OVER_HOUR : 0;
  const wanted = Date.parse(`${day}T${String(hour).padStart(2, "0")}:00:00Z`);
  let moment = wanted;
  // Twice, because the offset of the first guess may be that of the other side of a clock change.
  for (let step = 0; step < 2; step += 1) moment += wanted - wallClock(new Date(moment), time_zone);
  return new Date(moment);
}

// The clock's date and time in a zone, as milliseconds as if it were UTC.
function wallClock(moment, timeZone) {
  const { day, hour, minute } = here(moment, timeZone);
  return Date.parse(`${day}T00:00:00Z`) + (hour * 60 + minute) * 60_000;
}

function here(moment, timeZone) {
  if (!formats.has(timeZone)) {
    formats.set(timeZone, new Intl.DateTimeFormat("en-GB", {
      timeZone, calendar: "gregory", numberingSystem: "latn",
      year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
    }));
  }
  const part = Object.fromEntries(formats.get(timeZone).formatToParts(moment).map(({ type, value }) => [type, value]));
  return { day: `${part.year}-${part.month}-${part.day}`, hour: Number(part.hour), minute: Number(part.minute) };
}

function dayBefore(day) {
  const moment = new Date(`${day}T12:00:00Z`);
  moment.setUTCDate(moment.getUTCDate() - 1);
  return moment.toISOString().slice(0, 10);
}
