/* Asks the browser for a passkey when a form that needs one is sent, and sends what it answered.
   The form says which way: data-passkey="get" (to sign in) or "create" (to add one). */
for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const message = form.querySelector("[data-passkey-error]");
    message.hidden = true;
    try {
      const options = JSON.parse(document.getElementById("passkey-options").textContent);
      const credential = await window.webauthnJSON[form.dataset.passkey](options);
      form.elements.credential.value = JSON.stringify(credential);
      form.submit();
    } catch {
      message.hidden = false;
    }
  });
}
