// The first account, and signing in by password, by a code, and by a recovery code; with a script and without.
"use strict";
const totp = require("../totp.js");

const press = (t, page, name) => t.go(page, () => page.locator("main").getByRole("button", {name, exact: true}).click());

async function out(t, page, server) {
  await page.goto(server.at + "/account");
  await page.locator("details.me summary").click();
  await t.go(page, () => page.getByRole("button", {name: "Sign out"}).click());
}

async function password(t, page, words) {
  await page.fill("#login", "voss@brackwater.example");
  await page.fill("#password", words);
  await press(t, page, "Sign in");
}

async function factor(t, page, server) {
  await page.goto(server.at + "/account");
  await t.go(page, () => page.locator("main a[href='/account/factor']").click());
  await page.fill("#password", t.password);
  await press(t, page, "Set it up");
  t.ok("a picture for the phone", await page.locator("svg.qr").isVisible());
  const secret = await page.locator("code.secret").textContent();
  await page.fill("#code", "000000");
  await press(t, page, "Turn it on");
  t.ok("a wrong code turns nothing on", await page.locator(".wrong").isVisible());
  await page.fill("#code", totp(secret));
  await press(t, page, "Turn it on");
  const codes = await page.locator(".codes code").allTextContents();
  t.is("ten recovery codes", codes.length, 10);
  return {secret, codes};
}

async function all(t, script) {
  const server = await t.empty(), page = await t.page(server, {script, signedIn: false});
  page.expected = [403, 404];
  await page.goto(server.link);
  await page.fill("#login", "voss@brackwater.example");
  await page.fill("#password", t.password);
  await page.fill("#again", t.password);
  await press(t, page, "Make the account");
  t.ok("the first account is in", page.url().startsWith(server.org));
  await t.sound("an organisation with nothing in it", page);
  await page.goto(server.link);
  t.ok("the link works once", /404/.test(await page.textContent("main")));

  await out(t, page, server);
  await page.goto(server.org + "/r/risk");
  t.ok("who is nobody is asked", page.url().includes("/sign-in"));
  await password(t, page, "not the right words");
  t.ok("a wrong password is told", await page.locator(".wrong").isVisible());
  t.is("the name is kept", await page.inputValue("#login"), "voss@brackwater.example");
  await t.sound("signing in, wrong", page);
  await page.fill("#password", t.password);
  await press(t, page, "Sign in");
  t.is("the right one leads to where one went", page.url(), server.org + "/r/risk");

  const {secret, codes} = await factor(t, page, server);
  await out(t, page, server);
  await page.goto(server.org + "/r/risk");
  await password(t, page, t.password);
  t.ok("the password alone is half the way", page.url().includes("/sign-in/code"));
  await t.sound("the second factor", page);
  await page.fill("#code", "123");
  await press(t, page, "Sign in");
  t.ok("a wrong code is told", await page.locator(".wrong").isVisible());
  await page.fill("#code", totp(secret, 1));
  await press(t, page, "Sign in");
  t.is("the right one goes on", page.url(), server.org + "/r/risk");
  for (const [code, good] of [[codes[3], true], [codes[3], false]]) {
    await out(t, page, server);
    await page.goto(server.at + "/sign-in");
    await password(t, page, t.password);
    await page.fill("#code", code);
    await press(t, page, "Sign in");
    t.is(good ? "a recovery code signs in" : "once", !page.url().includes("/sign-in"), good);
    if (!good) break;
  }
}

// What is typed outlives a reload, and a session that ended before it was sent.
async function drafts(t) {
  const server = await t.serve(), page = await t.page(server);
  page.expected = 401;
  await page.goto(server.org + "/r/risk/RI01/edit");
  await page.fill("[name='f.details']", "Typed and not sent yet");
  await page.check("[type=checkbox][name='f.assets'] >> nth=0");
  await page.reload();
  t.is("a reload loses nothing", await page.inputValue("[name='f.details']"), "Typed and not sent yet");
  t.ok("it is told", await page.locator("#draft").isVisible());
  await t.sound("a draft", page);
  await page.context().clearCookies();
  await t.go(page, () => page.click("button.primary"));
  t.ok("the session is over, and nothing is lost", (await page.textContent("main")).includes("What you typed is kept"));
  await t.sound("a session that is over", page);
  await t.go(page, () => page.locator("main").getByRole("link", {name: "Sign in"}).click());
  await page.fill("#login", "voss");
  await page.fill("#password", t.password);
  await press(t, page, "Sign in");
  t.is("one is at the record again", page.url(), server.org + "/r/risk/RI01");
  await page.goto(server.org + "/r/risk/RI01/edit");
  t.is("it is there after signing in", await page.inputValue("[name='f.details']"), "Typed and not sent yet");
  t.ok("ticks too", await page.isChecked("[type=checkbox][name='f.assets'] >> nth=0"));
  await t.go(page, () => page.click("button.primary"));
  await page.goto(server.org + "/r/risk/RI01/edit");
  t.ok("what is saved is no draft", !await page.locator("#draft").isVisible());
  await page.fill("[name='f.details']", "Another thought");
  await out(t, page, server);
  t.is("signing out takes all of it away", await page.evaluate(() => Object.keys(sessionStorage).filter(k => k.startsWith("draft")).length), 0);
}

module.exports = {"with a script": t => all(t, true), without: t => all(t, false), drafts};
