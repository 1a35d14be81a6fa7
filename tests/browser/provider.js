// A provider of OpenID Connect on this machine (oidc-provider), with people of its own: whoever types a name is that
// person, with the address and what else `people` says of them.
"use strict";
const http = require("http"), path = require("path"), {pathToFileURL} = require("url"), crypto = require("crypto");

function keys(kind) {
  const {privateKey} = kind === "RS256"
    ? crypto.generateKeyPairSync("rsa", {modulusLength: 2048})
    : crypto.generateKeyPairSync("ec", {namedCurve: "P-256"});
  return {keys: [{...privateKey.export({format: "jwk"}), use: "sig", alg: kind, kid: crypto.randomUUID()}]};
}

// The library tells at length that it is not set up for use by people.
console.info = console.warn = () => {};

class Provider {
  constructor(people, {secret = "a secret of the client", kind = "RS256", claims = false, method = "client_secret_basic"} = {}) {
    Object.assign(this, {people, secret, kind, claims, method, client: "assay", asked: []});
    this.server = http.createServer((request, answer) => {
      this.asked.push(request.method + " " + request.url.split("?")[0]);
      this.handle(request, answer);
    });
  }

  async start() {
    await new Promise(good => this.server.listen(0, "127.0.0.1", good));
    this.issuer = `http://127.0.0.1:${this.server.address().port}`;
    return this;
  }

  // From then on it serves one that comes back to `back`. Called again it has other keys.
  async serve(back) {
    const library = path.join(path.dirname(require.resolve("oidc-provider/package.json")), "lib/index.js");
    const {default: Library} = await import(pathToFileURL(library));
    const people = this.people, one = new Library(this.issuer, {
      clients: [{client_id: this.client, redirect_uris: [back + "/sign-in/provider/back"], id_token_signed_response_alg: this.kind,
        post_logout_redirect_uris: [back + "/sign-in"], response_types: ["code"], grant_types: ["authorization_code"],
        ...(this.secret ? {client_secret: this.secret, token_endpoint_auth_method: this.method} : {token_endpoint_auth_method: "none"})}],
      claims: {openid: ["sub"], email: ["email", "email_verified"], profile: ["name"]},
      conformIdTokenClaims: !this.claims,
      pkce: {required: () => true, methods: ["S256"]},
      jwks: keys(this.kind),
      cookies: {keys: ["test"]},
      clientAuthMethods: this.secret ? [this.method] : ["none"],
      findAccount: (_, id) => people[id] && {accountId: id, claims: () => ({sub: "id-" + id, ...people[id]})},
      interactions: {url: (_, interaction) => "/interaction/" + interaction.uid},
      features: {devInteractions: {enabled: false}, rpInitiatedLogout: {enabled: true}},
      renderError: (c, out) => { c.type = "html"; c.body = `<h1>Error</h1><p>${out.error}: ${out.error_description}</p>`; },
    });
    const app = one.callback();
    this.handle = (request, answer) => /^\/interaction\//.test(request.url) ? this.ask(one, request, answer) : app(request, answer);
  }

  // Who somebody is; consent to all.
  async ask(one, request, answer) {
    const details = await one.interactionDetails(request, answer), {prompt, params} = details;
    if (prompt.name === "login" && request.method === "GET") {
      answer.setHeader("Content-Type", "text/html");
      return answer.end('<h1>Who are you?</h1><form method="post"><input name="who" aria-label="Who"><button>Go on</button> <button name="no" value="yes">No</button></form>');
    }
    if (prompt.name === "login") {
      let body = "";
      for await (const piece of request) body += piece;
      const form = new URLSearchParams(body);
      return one.interactionFinished(request, answer, form.get("no") ? {error: "access_denied"} : {login: {accountId: form.get("who")}});
    }
    const grant = new one.Grant({accountId: details.session.accountId, clientId: params.client_id});
    grant.addOIDCScope("openid email profile");
    return one.interactionFinished(request, answer, {consent: {grantId: await grant.save()}}, {mergeWithLastSubmission: true});
  }

  // The words for `assay serve`.
  words(file) {
    const words = ["--oidc", this.issuer, "--oidc-client", this.client, "--oidc-name", "Example ID"];
    if (this.secret) {
      require("fs").writeFileSync(file, this.secret + "\n");
      words.push("--oidc-secret-file", file);
    }
    return words;
  }

  async stop() {
    this.server.closeAllConnections?.();
    await new Promise(good => this.server.close(good));
  }
}

// A person with a client that keeps cookies and goes where it is led, as a browser does, for what needs no browser to
// see it.
class Client {
  constructor() {
    this.cookies = {};
  }

  async ask(url, options = {}) {
    const {origin} = new URL(url), mine = this.cookies[origin] = this.cookies[origin] || {};
    const headers = {Accept: "text/html", Cookie: Object.entries(mine).map(pair => pair.join("=")).join("; "), ...options.headers};
    const answer = await fetch(url, {...options, headers, redirect: "manual"});
    // All in one, as Debian's Node.js gives them: a comma within a day is followed by a blank and a digit.
    for (const line of (answer.headers.get("set-cookie") || "").split(/, (?=[^;,=\s]+=)/)) {
      const [, name, value] = line.match(/^([^=;]+)=([^;]*)/) || [];
      if (name && value && !/expires=Thu, 01 Jan 1970/.test(line)) mine[name] = value; else if (name) delete mine[name];
    }
    return answer;
  }

  // Until nothing leads on. `back` keeps where the provider led to.
  async go(url, options) {
    let answer = await this.ask(url, options);
    for (let hops = 0; hops < 12 && answer.headers.has("location"); hops++) {
      url = new URL(answer.headers.get("location"), url).href;
      if (/\/provider\/back/.test(url)) this.back = url;
      answer = await this.ask(url);
    }
    return {url, status: answer.status, text: await answer.text()};
  }

  // Signs in there as `who` (null says no), and comes back.
  async signIn(at, who) {
    const asked = await this.go(at + "/sign-in/provider");
    return this.go(asked.url, {method: "POST", body: new URLSearchParams(who === null ? {no: "yes"} : {who})});
  }
}

module.exports = {Provider, Client};
