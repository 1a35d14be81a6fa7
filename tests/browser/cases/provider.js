// Signing in through a provider of OpenID Connect: a real one (oidc-provider), and others that lie.
"use strict";
const http = require("http"), path = require("path"), fs = require("fs");
const {Provider, Client} = require("../provider.js");

const by = (page, name) => page.getByRole("button", {name, exact: true});
const link = (page, name) => page.getByRole("link", {name, exact: true});

// Cookies know no ports: two names keep the two servers apart, as two sites are.
function named(server) {
  for (const key of ["at", "org"]) server[key] = server[key].replace("127.0.0.1", "localhost");
  return server;
}

async function open(t, {signedIn = false, server, ...more} = {}) {
  const context = await t.browser.newContext(more);
  t.contexts.push(context);
  context.setDefaultTimeout(15000);
  if (signedIn) await context.addCookies(t.template.session.map(cookie => ({...cookie, url: server.at})));
  const page = await context.newPage();
  page.on("pageerror", error => t.ok("no script fails", false, error.stack));
  page.on("console", message => {
    if (/Content Security Policy/.test(message.text())) t.ok("the policy forbids nothing that is needed", false, message.text());
  });
  return page;
}

async function begin(page, server, who) {
  await page.goto(server.at + "/sign-in");
  await link(page, "Sign in through Example ID").click();
  await page.getByLabel("Who").fill(who);
  await by(page, "Go on").click();
}

const main = page => page.textContent("main");

async function serve(t, people, options) {
  const provider = await new Provider(people, options).start();
  fs.mkdirSync(t.work, {recursive: true});
  const server = named(await t.serve(provider.words(path.join(t.work, "secret"))));
  await provider.serve(server.at);
  return {provider, server};
}

async function people(t) {
  const {provider, server} = await serve(t, {
    reiter: {email: "Reiter@Brackwater.example", email_verified: true, name: "Someone else"},
    okafor: {email: "okafor@brackwater.example", email_verified: true},
    voss: {email: "voss@brackwater.example", email_verified: true},
    sommer: {email: "sommer@brackwater.example", email_verified: false},
    stranger: {email: "stranger@elsewhere.example", email_verified: true},
    reader: {email: "new@partner.example", email_verified: true, name: "@Nina <b>New</b>"}});
  const settled = await Promise.allSettled([(async () => {
    await server.assay("set", "person", "P04", "email=reiter@brackwater.example");
    await server.assay("set", "person", "P01", "email=voss@brackwater.example");
    await server.assay("set", "person", "P07", "email=sommer@brackwater.example");
    await server.assay("members", "add", "P07", "reader");
    await server.assay("members", "add", "P05", "internal_auditor");
    await server.assay("members", "add", "P06", "contributor");
    // A contributor keeps persons' records, and cannot become another member by it.
    await server.assay("set", "person", "P05", "email=okafor@brackwater.example", "--as", "P06");

    const page = await open(t);
    await page.goto(server.at + "/sign-in?to=%2Faccount");
    await t.sound("the page to sign in", page);
    await link(page, "Sign in through Example ID").click();
    await page.getByLabel("Who").fill("reiter");
    await by(page, "Go on").click();
    await page.waitForURL(server.at + "/account");
    t.ok("a member comes in by the address an owner recorded, and goes where they wanted", /reiter@brackwater.example/.test(await main(page)));
    t.ok("there is no password to change", !/Another password/.test(await main(page)));
    await page.goto(server.org + "/r/risk");
    t.ok("as the person that they are", /Reiter/.test(await page.textContent("details.me summary")));
    await page.goto(server.at + "/account/identity");
    await page.locator("td summary").click();
    await by(page, "Take it away").click();
    t.ok("the only way in stays", /no way left to sign in/.test(await page.textContent("#wrong")));

    await page.goto(server.at + "/account");
    await page.locator("details.me summary").click();
    await by(page, "Sign out").click();
    await link(page, "Sign out of Example ID too").click();
    t.ok("signing out leads there too", page.url().startsWith(provider.issuer + "/session/end"));
    await page.getByRole("button").first().click();
    await page.waitForURL(server.at + "/sign-in**");

    for (const [who, words] of [["sommer", /Nobody vouches for your address/], ["okafor", /An owner has to let you in/]])
      t.ok(who + " is told why not", words.test((await new Client().signIn(server.at, who)).text));
    await page.setViewportSize({width: 390, height: 800});
    await page.emulateMedia({colorScheme: "dark"});
    await begin(page, server, "stranger");
    await page.waitForURL("**/sign-in/identity");
    t.ok("who was not invited is told whom to ask", /You were not invited yet.*stranger@elsewhere.example/s.test(await main(page)));
    await t.sound("who was not invited", page);

    // The owner has a password: nobody takes that account by its address alone.
    const owner = await open(t);
    await begin(owner, server, "voss");
    await owner.getByText("You have an account here").waitFor();
    await link(owner, "Sign in and link").click();
    await owner.fill("#login", "voss");
    await owner.fill("#password", t.password);
    await by(owner, "Sign in").click();
    await owner.getByText("Link the two?").waitFor();
    await t.sound("linking", owner);
    await by(owner, "Link them").click();
    await owner.locator("th", {hasText: "voss@brackwater.example"}).waitFor();
    t.ok("from then on either signs in", /\/o\//.test((await new Client().signIn(server.at, "voss")).url));

    await owner.goto(server.org + "/members");
    await owner.fill("#domain", "@Partner.example");
    await by(owner, "Let its people read").click();
    await owner.locator("code", {hasText: "partner.example"}).waitFor();
    await t.sound("who takes part", owner);
    const reader = new Client(), read = await reader.signIn(server.at, "reader");
    t.ok("a domain's people read", read.text.includes("@Nina &lt;b&gt;New&lt;/b&gt;"), read.text);
    t.is("and no more", (await reader.ask(server.org + "/r/risk/new")).status, 403);

    await provider.serve(server.at);
    const rotated = await new Client().signIn(server.at, "voss");
    t.ok("keys may change", /\/o\//.test(rotated.url), rotated.text);
  })()]);
  await provider.stop();
  if (settled[0].reason) throw settled[0].reason;
}

async function ways(t) {
  for (const options of [{kind: "ES256", claims: true, method: "client_secret_post"}, {secret: null}]) {
    const {provider, server} = await serve(t, {reiter: {email: "reiter@brackwater.example", email_verified: true}}, options);
    const settled = await Promise.allSettled([(async () => {
      await server.assay("set", "person", "P04", "email=reiter@brackwater.example");
      const one = new Client(), other = new Client(), into = await one.signIn(server.at, "reiter");
      t.ok(`${JSON.stringify(options)} signs in`, /\/o\//.test(into.url), into.text);
      t.is("what came back is of one browser", (await other.ask(one.back)).status, 403);
      t.is("and good once", (await one.ask(one.back)).status, 403);
      t.ok("who says no there is back", /did not sign you in \(access_denied\)/.test((await other.signIn(server.at, null)).text));
      await other.ask(server.at + "/sign-in/provider");
      const forged = new URL(one.back);
      forged.searchParams.set("state", "x".repeat(43));
      t.ok("an answer to another question is none", /no answer to what this browser asked/.test((await other.go(forged.href)).text));
      await other.ask(server.at + "/sign-in/provider");
      const mixed = new URL(one.back);
      mixed.searchParams.set("iss", "https://other.example");
      t.is("nor one of another provider", (await other.go(mixed.href)).status, 403);
    })()]);
    await provider.stop();
    if (settled[0].reason) throw settled[0].reason;
  }
}

// Providers that send people or the server elsewhere. Nothing else may be asked: `elsewhere` listens.
async function lies(t) {
  let asked = 0, about = {}, status = 200, head = {};
  const listen = server => new Promise(good => server.listen(0, "127.0.0.1", () => good(`http://127.0.0.1:${server.address().port}`)));
  const elsewhere = http.createServer((request, answer) => { asked++; answer.end("{}"); });
  const liar = http.createServer((request, answer) => {
    answer.writeHead(status, {"Content-Type": "application/json", ...head});
    answer.end(typeof about === "string" ? about : JSON.stringify(about));
  });
  const other = await listen(elsewhere), issuer = await listen(liar);
  const good = {issuer, authorization_endpoint: issuer + "/a", token_endpoint: issuer + "/t", jwks_uri: issuer + "/k"};
  const server = named(await t.serve(["--oidc", issuer, "--oidc-client", "assay"]));
  const ask = async () => (await fetch(server.at + "/sign-in/provider", {redirect: "manual", headers: {Accept: "text/html"}}));
  for (const [what, lie] of Object.entries({
    "another issuer": {issuer: other}, "a file": {token_endpoint: "file:///etc/passwd"},
    "plain http elsewhere": {jwks_uri: "http://169.254.169.254/latest"}, "no address": {authorization_endpoint: "javascript:alert(1)"},
    "a number for a text": {token_endpoint: 5}})) {
    about = {...good, ...lie};
    const answer = await ask();
    t.is(what, answer.status, 403);
  }
  about = "<html>";
  t.is("what is no description", (await ask()).status, 403);
  about = " ".repeat(400000);
  t.is("a large one", (await ask()).status, 429);
  about = good;
  [status, head] = [302, {Location: other + "/.well-known/openid-configuration"}];
  t.is("one that leads elsewhere", (await ask()).status, 503);
  t.is("nobody else was asked", asked, 0);
  [status, head] = [200, {}];
  const right = await ask();
  t.ok("one that is right", right.status === 303 && right.headers.get("location").startsWith(issuer + "/a?response_type=code&"));
  t.ok("with a question of its own", /code_challenge_method=S256&code_challenge=[\w-]{43}$/.test(right.headers.get("location")));
  liar.close();
  elsewhere.close();
}

module.exports = {people, ways, lies};
