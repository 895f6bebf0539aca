/* Asks the browser for a passkey when a form that needs one is sent, and sends what it answered.
   The form says which way: data-passkey="get" (to sign in) or "create" (to add one), and holds a
   sentence for each error that has its own remedy, and one for the others. */
function tell(form, name) {
  const sentences = [...form.querySelectorAll("[data-passkey-error]")];
  const meant = (wanted) => sentences.find((one) => one.dataset.passkeyError === wanted);
  (meant(name) ?? meant("")).hidden = false;
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    for (const sentence of form.querySelectorAll("[data-passkey-error]")) sentence.hidden = true;
    try {
      const options = JSON.parse(document.getElementById("passkey-options").textContent);
      const credential = await window.webauthnJSON[form.dataset.passkey](options);
      form.elements.credential.value = JSON.stringify(credential);
      form.submit();
    } catch (error) {
      tell(form, window.PublicKeyCredential ? error?.name : "SecurityError");
    }
  });
}
