// Stars of visitors who are not signed in, kept on this device: the slugs of sessions, in the order of their starring.

const name = (edition) => `expo-stars ${edition}`;

/** Returns the starred sessions of an edition; undefined if this browser stores nothing. */
export function readStars(edition) {
  try {
    const stored = JSON.parse(localStorage.getItem(name(edition)) ?? "[]");
    return Array.isArray(stored) ? stored.filter((slug) => typeof slug === "string") : [];
  } catch {
    return undefined;
  }
}

/** Stores the starred sessions, and returns whether that was possible. */
export function storeStars(edition, slugs) {
  try {
    if (slugs.length) localStorage.setItem(name(edition), JSON.stringify([...new Set(slugs)]));
    else localStorage.removeItem(name(edition));
    return true;
  } catch {
    return false;
  }
}
