// Opens the print dialog for the badge in the frame, once its viewer has loaded it. Not a module: those run only when the
// page is read to its end, and the badge may be loaded before.

document.addEventListener(
  "load",
  ({ target }) => {
    if (!target.matches?.("[data-print-badge]")) return;
    try {
      target.contentWindow.focus();
      target.contentWindow.print();
    } catch {
      // The browser shows PDFs elsewhere: the link beside the frame opens it.
    }
  },
  true, // loading does not bubble
);
