// Preselects the checkpoint and direction last used on this phone.

const form = document.getElementById("choose");
if (form) {
  const last = JSON.parse(localStorage.getItem("door") ?? "{}");
  for (const name of ["checkpoint", "direction"]) {
    const wanted = [...form.querySelectorAll(`[name="${name}"]`)].find((each) => each.value === last[name]);
    if (wanted) wanted.checked = true;
  }
}
