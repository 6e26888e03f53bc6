// The command palette: Ctrl+K searches people, sessions, companies and pages.

const dialog = document.querySelector("[data-palette]");

if (dialog) {
  const input = dialog.querySelector("input");
  const list = dialog.querySelector("[role=listbox]");
  let requestCount = 0;
  let timer;

  const open = () => {
    dialog.showModal();
    input.select();
  };

  const choose = (step) => {
    const links = [...list.querySelectorAll("a")];
    if (!links.length) return;
    const at = links.findIndex((link) => link.getAttribute("aria-selected") === "true");
    const next = links[(at + step + links.length) % links.length];
    links.forEach((link) => link.setAttribute("aria-selected", String(link === next)));
    input.setAttribute("aria-activedescendant", next.id);
    next.scrollIntoView({ block: "nearest" });
  };

  const show = (rows) => {
    list.replaceChildren();
    let group;
    rows.forEach((row, at) => {
      if (row.group !== group) {
        group = row.group;
        const head = document.createElement("div");
        head.className = "palette-group";
        head.setAttribute("role", "presentation");
        head.textContent = group;
        list.append(head);
      }
      const link = document.createElement("a");
      link.href = row.url;
      link.id = `palette-${at}`;
      link.setAttribute("role", "option");
      link.setAttribute("aria-selected", String(at === 0));
      const label = document.createElement("bdi");
      label.textContent = row.label;
      const hint = document.createElement("span");
      hint.className = "muted small-text";
      hint.textContent = row.hint ?? "";
      link.append(label, hint);
      list.append(link);
    });
    if (!rows.length) list.textContent = input.value.trim() ? list.dataset.empty : "";
  };

  const find = async () => {
    const number = ++requestCount;
    const answer = await fetch(`${dialog.dataset.source}?q=${encodeURIComponent(input.value)}`, { headers: { Accept: "application/json" } });
    if (answer.ok && number === requestCount) show(await answer.json());
  };

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      open();
    }
  });
  for (const button of document.querySelectorAll("[data-open-palette]")) button.addEventListener("click", open);
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(find, 120);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      choose(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter") {
      event.preventDefault();
      list.querySelector("a[aria-selected=true]")?.click();
    }
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
}
