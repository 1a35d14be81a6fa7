/* A passkey that a page asks for: its question goes to the browser, the answer back as the page's form. Loaded on
   such pages only. */
(() => {
  "use strict";
  const form = document.querySelector("form[data-passkey]"), go = form.querySelector("[data-go]");
  const asked = form.dataset, making = asked.passkey === "create";
  if (!window.PublicKeyCredential || !navigator.credentials) return;
  const show = (name, shown) => { form.querySelector("[data-" + name + "]").hidden = !shown; };
  const bytes = text => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), c => c.charCodeAt(0));
  const text = buffer => btoa(String.fromCharCode(...new Uint8Array(buffer || [])))
    .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const words = list => list.trim().split(/\s+/).filter(Boolean);
  const ids = words(asked.credentials).map(id => ({type: "public-key", id: bytes(id)}));
  const common = {challenge: bytes(asked.challenge), timeout: 240000};

  const create = () => navigator.credentials.create({publicKey: {
    ...common, attestation: "none", excludeCredentials: ids, rp: {id: asked.rp, name: "Assay"},
    user: {id: bytes(asked.user), name: asked.userName, displayName: asked.userName},
    pubKeyCredParams: words(asked.algorithms).map(alg => ({type: "public-key", alg: +alg})),
    authenticatorSelection: {residentKey: "required", requireResidentKey: true, userVerification: asked.verification}}});
  const get = () => navigator.credentials.get({publicKey: {
    ...common, rpId: asked.rp, userVerification: asked.verification, allowCredentials: ids}});

  const send = made => {
    const said = made.response, fields = making
      ? {authenticator: text(said.getAuthenticatorData()), algorithm: said.getPublicKeyAlgorithm()}
      : {authenticator: text(said.authenticatorData), signature: text(said.signature), user: text(said.userHandle)};
    Object.assign(fields, {client: text(said.clientDataJSON), credential: text(made.rawId)});
    for (const name in fields) {
      const input = document.createElement("input");
      Object.assign(input, {type: "hidden", name, value: fields[name]});
      form.append(input);
    }
    form.submit();
  };
  const run = async () => {
    go.disabled = true;
    show("failed", false);
    show("known", false);
    try {
      send(await (making ? create() : get()));
    } catch (error) {
      show(error.name === "InvalidStateError" ? "known" : "failed", true);
      go.disabled = false;
      go.focus();
    }
  };
  show("cannot", false);
  go.hidden = false;
  go.addEventListener("click", run);
  run();
})();
