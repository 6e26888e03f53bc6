// Lists that visitors who are not signed in keep on this device: names in addresses, oldest first.

const key = (name, edition) => `expo-${name} ${edition}`;

/** Returns a list of an edition; undefined if this browser stores nothing. */
export function readList(name, edition) {
  try {
    const stored = JSON.parse(localStorage.getItem(key(name, edition)) ?? "[]");
    return Array.isArray(stored) ? stored.filter((each) => typeof each === "string") : [];
  } catch {
    return undefined;
  }
}

/** Stores a list, and returns whether that was possible. */
export function storeList(name, edition, values) {
  try {
    if (values.length) localStorage.setItem(key(name, edition), JSON.stringify([...new Set(values)]));
    else localStorage.removeItem(key(name, edition));
    return true;
  } catch {
    return false;
  }
}

/** Returns what loads the page again, unless it is being left: that would cancel the form that was sent meanwhile. */
export function prepareReload() {
  let isLeft = false;
  addEventListener("beforeunload", () => { isLeft = true; }, { once: true });
  return () => { if (!isLeft) location.reload(); };
}
