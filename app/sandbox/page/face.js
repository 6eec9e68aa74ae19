// The end of a face check, as the person before the camera would bring it about.
"use strict";

document.getElementById("face").addEventListener("click", async ({ target }) => {
  const button = target.closest("button");
  if (!button) return;
  const body = JSON.stringify({ status: button.dataset.status });
  const answer = await fetch(location.href, { method: "POST", body });
  const check = await answer.json();
  for (const how of document.querySelectorAll(".how")) how.textContent = check.status ?? check.error;
  document.getElementById("ended").hidden = false;
});
