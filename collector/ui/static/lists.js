// How does a file get onto a list? The chosen one is sent as it is; without one, what was pasted. The page that answers
// takes the place of the form. Without this file the form sends what was pasted.

const csrf = document.querySelector("meta[name=csrf]").content;

const send = async (form) => {
  const body = form.querySelector("[type=file]").files[0] ?? form.elements.text.value;
  const headers = { accept: "text/html", "content-type": "text/csv", "x-csrf": csrf };
  const [state, button] = [form.querySelector("[data-state]"), form.querySelector("button")];
  button.disabled = true;
  state.textContent = form.dataset.running;
  document.body.dataset.busy = "";
  try {
    const answer = await fetch(form.action, { method: "POST", headers, body });
    if (answer.redirected) return location.assign(answer.url);
    document.dispatchEvent(new CustomEvent("arrived", { detail: { text: await answer.text(), target: "#content" } }));
  } catch {
    state.textContent = form.dataset.failed;
    button.disabled = false;
  } finally {
    delete document.body.dataset.busy;
  }
};

const begin = () => {
  const form = document.querySelector("[data-file]");
  if (!form) return;
  form.querySelector("[data-chosen]").hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(form);
  });
};

begin();
document.addEventListener("swapped", begin);
