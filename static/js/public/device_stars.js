// Stars of visitors who are not signed in, kept on this device: the slugs of sessions, oldest first.

import { readList, storeList } from "./device_lists.js";

/** Returns the starred sessions of an edition; undefined if this browser stores nothing. */
export const readStars = (edition) => readList("stars", edition);

/** Stores the starred sessions, and returns whether that was possible. */
export const storeStars = (edition, slugs) => storeList("stars", edition, slugs);
