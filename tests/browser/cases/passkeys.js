// Passkeys: made, used alone and after the password, refused where they should be, taken away. The devices are
// Chromium's own virtual authenticators.
"use strict";

const by = (page, name) => page.getByRole("button", {name, exact: true});

async function devices(page) {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("WebAuthn.enable", {enableUI: false});
  const add = async (options = {}) => (await cdp.send("WebAuthn.addVirtualAuthenticator", {options: {
    protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true,
    automaticPresenceSimulation: true, ...options}})).authenticatorId;
  return {cdp, add};
}

// Browsers know passkeys at a name, and over http at this one only.
function named(server) {
  for (const key of ["at", "org", "link"]) server[key] = (server[key] || "").replace("127.0.0.1", "localhost");
  return server;
}

async function out(page, server) {
  await page.goto(server.at + "/account");
  await page.locator("details.me summary").click();
  await by(page, "Sign out").click();
  await page.waitForURL("**/sign-in");
}

async function password(page, server, t) {
  await out(page, server);
  await page.fill("#login", "voss");
  await page.fill("#password", t.password);
  await by(page, "Sign in").click();
  await page.waitForURL("**/sign-in/code**");
}

// Where there are none.
async function without(t, server) {
  const byNumber = await t.page(server);
  await byNumber.goto(server.at + "/account/passkeys");
  t.ok("at a number there are none, and it says so", /reached by a number/.test(await byNumber.textContent("main")));
  named(server);
  const plain = await t.page(server, {script: false, signedIn: false});
  await plain.goto(server.at + "/sign-in");
  await by(plain, "Sign in with a passkey").click();
  t.ok("without scripts it says why not", await plain.getByText("This browser cannot use passkeys here").isVisible());
}

module.exports = async t => {
  const server = await t.serve();
  await without(t, server);
  const page = await t.page(server), {cdp, add} = await devices(page);
  let phone = await add();
  page.expected = [403];
  await page.goto(server.at + "/account/passkeys");
  await page.fill("#name", "Phone");
  await page.fill("#password", "wrong and wrong again");
  await by(page, "Make a passkey").click();
  t.ok("a wrong password makes none", /not right/.test(await page.textContent("#wrong")));
  t.is("what was typed is kept", await page.inputValue("#name"), "Phone");
  await page.fill("#password", t.password);
  await by(page, "Make a passkey").click();
  await page.getByRole("heading", {name: "Your recovery codes"}).waitFor();
  const codes = await page.locator(".codes code").allTextContents();
  t.is("there are ten recovery codes", codes.length, 10);
  await page.getByRole("link", {name: "I have them"}).click();
  await page.fill("#name", "Phone once more");
  await by(page, "With a passkey instead of the password").click();
  await page.getByText("has a passkey for your account already").waitFor();
  await t.sound("the page that makes one", page);

  // A second device, in the place of the first, which comes back after.
  const [made] = (await cdp.send("WebAuthn.getCredentials", {authenticatorId: phone})).credentials;
  const back = async count => {
    phone = await add();
    await cdp.send("WebAuthn.addCredential", {authenticatorId: phone, credential: {...made, signCount: count}});
  };
  const away = () => cdp.send("WebAuthn.removeVirtualAuthenticator", {authenticatorId: phone});
  await away();
  const key = await add({transport: "usb"});
  await page.goto(server.at + "/account/passkeys");
  await page.fill("#name", "Security key");
  await page.fill("#password", t.password);
  await by(page, "Make a passkey").click();
  await page.locator("th", {hasText: "Security key"}).waitFor();
  t.is("an account has several", await page.locator("tbody tr").count(), 2);
  await cdp.send("WebAuthn.removeVirtualAuthenticator", {authenticatorId: key});
  await back(made.signCount);

  await out(page, server);
  await t.sound("signing in", page);
  await by(page, "Sign in with a passkey").click();
  await page.waitForURL("**/o/**");
  await password(page, server, t);
  await by(page, "Use a passkey").click();
  await page.waitForURL("**/o/**");
  await password(page, server, t);
  await page.fill("#code", codes[0]);
  await by(page, "Sign in").click();
  await page.waitForURL("**/o/**");
  t.ok("each way signs in", true);

  await out(page, server);
  await cdp.send("WebAuthn.setUserVerified", {authenticatorId: phone, isUserVerified: false});
  await by(page, "Sign in with a passkey").click();
  await page.getByText("That was ended, took too long").waitFor();
  await cdp.send("WebAuthn.setUserVerified", {authenticatorId: phone, isUserVerified: true});
  const cookies = await page.context().cookies();
  const sent = page.waitForRequest(r => r.method() === "POST" && r.url().endsWith("/sign-in/passkey"));
  await by(page, "Go on").click();
  const body = (await sent).postData();
  await page.waitForURL("**/o/**");
  const again = await fetch(server.at + "/sign-in/passkey", {method: "POST", body, redirect: "manual", headers: {
    "Content-Type": "application/x-www-form-urlencoded", Cookie: cookies.map(c => `${c.name}=${c.value}`).join("; "),
    Accept: "application/json"}});
  t.is("an answer counts once, even for who has the cookies of the browser", again.status, 403);
  t.ok("and says why", /answered already/.test(await again.text()));

  await out(page, server);
  await away();
  await back(0);
  await by(page, "Sign in with a passkey").click();
  await page.locator("#wrong").waitFor();
  t.ok("a copy that has counted less is refused", /may have been copied/.test(await page.textContent("#wrong")));
  await away();
  await back(1000);
  await by(page, "Sign in with a passkey").click();
  await page.waitForURL("**/o/**");
  await page.goto(server.at + "/account/passkeys");
  await page.emulateMedia({colorScheme: "dark"});
  await page.setViewportSize({width: 390, height: 800});
  const row = page.locator("tr", {hasText: "Phone"});
  t.ok("when it was used is told", !/never/.test(await row.textContent()));
  await row.locator("summary").click();
  await t.sound("taking one away", page);
  await by(row, "With a passkey instead").click();
  await page.locator("th", {hasText: "Phone"}).waitFor({state: "detached"});
  await out(page, server);
  await by(page, "Sign in with a passkey").click();
  await page.locator("#wrong").waitFor();
  t.ok("one that was taken away signs nobody in", /Nobody signs in here with this passkey/.test(await page.textContent("#wrong")));
};
