// The life of a risk, of a line of the Statement of Applicability, of a document's record and of a piece of evidence, as
// people go through them: by links, fields and buttons only, with a script and without.
"use strict";
const fs = require("fs");

const field = (page, name) => page.locator(`[name="f.${name}"]:not([type=hidden])`).first();
const link = (page, name) => page.locator("main").getByRole("link", {name, exact: true});
const load = (page, act) => Promise.all([page.waitForEvent("load"), act()]);
const press = (page, name) => load(page, () => page.locator("main").getByRole("button", {name, exact: true}).click());
const state = page => page.locator("main .head .state").textContent();
const json = async (page, url) => (await page.request.get(url, {headers: {Accept: "application/json"}})).json();

// To a register by the menu, whose groups are folded.
async function register(page, group, title) {
  const menu = page.locator("nav.menu-frame");
  const entry = menu.getByRole("link", {name: title, exact: true});
  if (!await entry.isVisible()) await menu.locator("summary", {hasText: group}).click();
  await entry.click();
  await page.getByRole("heading", {level: 1, name: title, exact: true}).waitFor();
}

// A button of a record's page leads to a form with what is needed for it.
async function move(page, way, values = {}) {
  await link(page, way).click();
  await page.locator("form.edit").waitFor();
  for (const [name, value] of Object.entries(values)) await field(page, name).fill(value);
  await press(page, way);
  await page.locator("main .head .state, .wrong").waitFor();
  if (await page.locator(".wrong").count()) throw new Error(`${way}: ${await page.textContent("main")}`);
}

async function risk(t, page, server) {
  await page.goto(server.org);
  await register(page, "Risk", "Risk register");
  await link(page, "Add").click();
  await field(page, "description").fill("A key is left in a picture of a whiteboard");
  await field(page, "likelihood").fill("often");
  await field(page, "consequence").fill("3");
  await press(page, "Save");
  t.is("what is wrong is told", await page.locator(".wrong li").textContent(), "Likelihood");
  t.is("what was typed is there", await field(page, "consequence").inputValue(), "3");
  t.ok("the field says what is wrong", await page.evaluate(() => {
    const input = document.querySelector("[name='f.likelihood']");
    return input.getAttribute("aria-invalid") && input.getAttribute("aria-describedby").split(" ").every(id => document.getElementById(id));
  }));
  await page.locator(".wrong a").click();
  await field(page, "likelihood").fill("1");
  await press(page, "Save");
  await page.getByRole("heading", {level: 1, name: "A key is left in a picture of a whiteboard"}).waitFor();
  const url = page.url();
  t.is("it is open", await state(page), "Open");
  await link(page, "Change").click();
  await field(page, "owner").selectOption("P01");
  await field(page, "treatment").selectOption("modify");
  await press(page, "Save");
  await move(page, "Begin treatment");
  t.is("it is treated", await state(page), "In progress");
  await move(page, "Accept what remains", {accepted_level: "3"});
  t.is("what remains is accepted", await state(page), "Accepted");
  await move(page, "Close", {exception: "The whiteboard is gone"});
  t.is("it is closed", await state(page), "Closed");
  await move(page, "Open again");
  t.is("and open again", await state(page), "Open");
  await load(page, () => page.getByRole("link", {name: /^All \d+ versions$/}).click());
  t.is("all of it is history", await page.locator(".versions > li").count(), 6);
  t.ok("with who did it", (await page.locator(".versions > li").first().textContent()).includes("changed by Voss"));
  await load(page, () => page.locator(".crumbs a").last().click());
  await page.fill("#as-of", "2020-01-01");
  page.expected = [404, 422];
  await press(page, "Show");
  t.ok("on a day before there was none", (await page.textContent("h1")).length > 0);
  await page.goto(url);
  await page.getByRole("link", {name: /^Remove /}).click();
  await press(page, "Remove it");
  await page.getByRole("heading", {level: 1, name: "Risk register"}).waitFor();
  await page.goto(url);
  t.ok("it is no more", /nothing|gone|removed|no /i.test(await page.textContent("main")));
}

async function line(t, page, server) {
  await page.goto(server.org);
  await register(page, "Risk", "Statement of Applicability");
  await page.getByRole("link", {name: "A.5.7", exact: true}).click();
  await link(page, "Change").click();
  await field(page, "status").selectOption("planned");
  await press(page, "Save");
  t.ok("what is planned wants a day", (await page.locator(".wrong").textContent()).includes("Target date"));
  await field(page, "target_date").fill("2027-03-31");
  await page.locator("fieldset", {has: page.getByText("Risks", {exact: true})}).locator("input[type=checkbox]").first().check();
  await press(page, "Save");
  await page.locator("dl.fields").waitFor();
  t.ok("the line says so", /Planned/i.test(await page.locator("main").textContent()));
  await load(page, () => page.locator(".crumbs a").click());
  const filter = page.locator("form.filters");
  await filter.locator("summary").first().click();
  await filter.getByLabel("Field").selectOption("status");
  await filter.getByLabel("Comparison").selectOption("=");
  await filter.getByLabel("Value").fill("planned");
  await press(page, "Show");
  await page.locator(".chip-clear").waitFor();
  t.ok("and is found by it", await page.getByRole("link", {name: "A.5.7", exact: true}).isVisible());
  await page.goto(server.org + "/r/soa_entry/A.5.7/history");
  t.ok("its history says what was", /Planned/i.test(await page.locator(".versions").textContent()));
}

async function document(t, page, server) {
  await page.goto(server.org);
  await register(page, "Documents", "Documents");
  await link(page, "Add").click();
  await field(page, "title").fill("Policy on whiteboards");
  await field(page, "version").fill("1.0");
  await field(page, "author").selectOption("P04");
  await field(page, "file").setInputFiles({name: "whiteboards.md", mimeType: "text/markdown", buffer: Buffer.from("# Policy on whiteboards\n")});
  await press(page, "Save");
  await page.getByRole("heading", {level: 1, name: "Policy on whiteboards"}).waitFor();
  const url = page.url();
  await move(page, "Ask for approval");
  await move(page, "Send back");
  await move(page, "Ask for approval");
  await move(page, "Approve");
  t.is("it is approved", await state(page), "Approved");
  const {fields} = await json(page, url);
  t.is("by who did it", fields.approver, "P01");
  t.ok("the page names who", (await page.locator("dl.fields").textContent()).includes("Voss"));
  await move(page, "Write a new version");
  await link(page, "Change").click();
  await field(page, "version").fill("1.1");
  await press(page, "Save");
  await move(page, "Withdraw");
  t.is("it is withdrawn", await state(page), "Withdrawn");
}

async function download(page, act) {
  const [file] = await Promise.all([page.waitForEvent("download"), act()]);
  return fs.readFileSync(await file.path(), "utf8");
}

async function evidence(t, page, server) {
  await page.goto(server.org);
  await register(page, "Audit", "Evidence");
  await link(page, "Add").click();
  await field(page, "title").fill("Review of access");
  await field(page, "period_from").fill("2026-09-30");
  await field(page, "period_to").fill("2026-07-01");
  await field(page, "file").setInputFiles({name: "review.csv", mimeType: "text/csv", buffer: Buffer.from("who,what\nAda,all\n")});
  page.expected = 409;
  await press(page, "Save");
  await page.locator(".wrong").waitFor();
  page.expected = 0;
  t.ok("the file is kept", (await page.locator("p.file").textContent()).includes("review.csv"));
  await field(page, "period_from").fill("2026-07-01");
  await field(page, "period_to").fill("2026-09-30");
  await press(page, "Save");
  await page.getByRole("heading", {level: 1, name: "Review of access"}).waitFor();
  t.is("the file comes back", await download(page, () => page.locator("a.file").click()), "who,what\nAda,all\n");
  await link(page, "Change").click();
  await field(page, "file").setInputFiles({name: "later.csv", mimeType: "text/csv", buffer: Buffer.from("who\n")});
  await press(page, "Save");
  t.is("another takes its place", await download(page, () => page.locator("a.file").click()), "who\n");
  t.ok("the history names both", /review\.csv[\s\S]*later\.csv/.test(await page.locator(".versions").textContent()));
  await link(page, "Change").click();
  await page.getByLabel("Take it away").check();
  await press(page, "Save");
  await page.locator("dl.fields").waitFor();
  t.is("it is taken away", await page.locator("a.file").count(), 0);
}

async function all(t, script) {
  const server = await t.serve(), page = await t.page(server, {script});
  page.expected = [422, 404, 409];
  for (const walk of [risk, line, document, evidence]) await walk(t, page, server);
}

module.exports = {"with a script": t => all(t, true), without: t => all(t, false)};
