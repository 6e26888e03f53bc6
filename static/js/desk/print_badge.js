// Opens the print dialog for the badge in the frame, once its viewer has loaded it.

const frame = document.querySelector("[data-print-badge]");

frame.addEventListener("load", () => {
  try {
    frame.contentWindow.focus();
    frame.contentWindow.print();
  } catch {
    // The browser shows PDFs elsewhere: the link beside the frame opens it.
  }
});
