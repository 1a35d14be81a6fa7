// What a case has. A file in cases/ exports `async t => {...}`, or several of these by name, which run
// side by side; t is a Case:
//
//   t.ok(WHAT, TRUTH, DETAIL)        counts, and tells what is not so
//   t.is(WHAT, GOT, EXPECTED)
//   await t.serve([WORD...])         a server on a copy of the worked company's home, ended with the case; .at, .org, .assay()
//   await t.empty([WORD...])         a server on a home of an organisation of its own with nothing in it; .link makes its first account
//   await t.page(SERVER, {dark, width, height, script, signedIn, touch})
//                                    a page of Playwright in a context of its own; signed in as the owner unless told not to
//   await t.go(PAGE, ACT)            does what leads to another page, and waits for that
//   await t.settled(PAGE)            no verdict or job is waited for any more
//   await t.sound(WHAT, PAGE)        axe finds nothing, and nothing scrolls sideways
//
// Whatever a page writes to the console, throws, or asks of another host is a failure; a page that is meant to answer with
// an error sets page.expected to its status.
"use strict";
const fs = require("fs"), path = require("path");
const {Server, PASSWORD} = require("./home.js");
const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"];

class Case {
  constructor(name, {browser, template, work}) {
    Object.assign(this, {name, browser, template, work, passed: 0, failed: 0, servers: [], contexts: []});
    this.password = PASSWORD;
  }

  ok(what, truth, detail) {
    if (truth) {
      this.passed++;
      return true;
    }
    this.failed++;
    console.log(`FAILED ${this.name}: ${what}${detail ? "\n    " + String(detail).slice(0, 1500).replace(/\n/g, "\n    ") : ""}`);
    return false;
  }

  is(what, got, expected) {
    return this.ok(what, got === expected, `${JSON.stringify(got)}, not ${JSON.stringify(expected)}`);
  }

  async run(file) {
    let timer;
    const late = new Promise((_, bad) => { timer = setTimeout(() => bad(new Error("It takes more than three minutes.")), 180000); });
    try {
      await Promise.race([file(this), late]);
    } catch (error) {
      this.ok("it goes through", false, error.stack);
    }
    clearTimeout(timer);
    for (const context of this.contexts) await context.close().catch(() => {});
    for (const server of this.servers) await server.stop();
  }

  async serve(more) {
    fs.mkdirSync(this.work, {recursive: true});
    const server = await this.template.serve(path.join(this.work, "home" + this.servers.length), more);
    this.servers.push(server);
    return server;
  }

  async empty(more) {
    fs.mkdirSync(this.work, {recursive: true});
    const server = new Server(this.template.program, path.join(this.work, "home" + this.servers.length));
    await server.assay("init", server.home, "--name", "Brackwater Software GmbH", "--owner", "Voss", "--time-zone", "UTC");
    this.servers.push(server);
    return server.start(more);
  }

  async page(server, {dark = false, width = 1280, height = 860, script = true, signedIn = true, touch = false} = {}) {
    const context = await this.browser.newContext({viewport: {width, height}, colorScheme: dark ? "dark" : "light",
      javaScriptEnabled: script, hasTouch: touch, acceptDownloads: true, reducedMotion: "reduce", locale: "en-GB"});
    this.contexts.push(context);
    context.setDefaultTimeout(15000);
    if (signedIn) await context.addCookies(this.template.session.map(cookie => ({...cookie, url: server.at})));
    const page = await context.newPage();
    page.script = script;
    this.watch(server, page);
    return page;
  }

  watch(server, page) {
    const expected = () => [].concat(page.expected || []);
    page.on("console", message => {
      if (!["error", "warning"].includes(message.type())) return;
      // Chromium notes each answer that is an error.
      const status = (message.text().match(/status of (\d+)/) || [])[1];
      if (status && expected().includes(+status)) return;
      this.ok("nothing is written to the console", false, `${page.url()}: ${message.text()}`);
    });
    page.on("pageerror", error => this.ok("no script fails", false, `${page.url()}: ${error.stack}`));
    page.on("request", request => {
      if (!request.url().startsWith(server.at + "/") && !request.url().startsWith("data:"))
        this.ok("nothing is asked of others", false, `${page.url()}: ${request.url()}`);
    });
    page.on("response", answer => {
      if (answer.status() >= 400 && !expected().includes(answer.status()) && answer.request().isNavigationRequest())
        this.ok("every page is there", false, `${answer.url()}: ${answer.status()}`);
    });
  }

  // Does what leads to another page, and waits until that is there.
  async go(page, act) {
    await Promise.all([page.waitForEvent("load"), act()]);
  }

  // A page that waits for a verdict or a job loads itself again once it is there.
  async settled(page) {
    await page.waitForSelector("[data-job]", {state: "detached", timeout: 120000});
  }

  // `rules`: only these; none for all of WCAG 2.2 AA and what axe's authors find good.
  async axe(what, page, rules) {
    if (!page.script) return true; // axe is one
    const runOnly = rules ? {type: "rule", values: rules} : {type: "tag", values: WCAG};
    if (!await page.evaluate("typeof axe !== 'undefined'")) await page.evaluate(axe);
    const found = await page.evaluate(options => axe.run(document, options), {runOnly, resultTypes: ["violations"],
      rules: {"target-size": {enabled: !rules || rules.includes("target-size")}}});
    return this.ok(`${what}: axe`, found.violations.length === 0, found.violations.map(v =>
      `${v.id}: ${v.help}\n` + v.nodes.slice(0, 4).map(n => `  ${n.target.join(" ")}: ${n.html.slice(0, 160)}\n    ${n.any.concat(n.all, n.none).map(c => c.message).join("; ").slice(0, 260)}`).join("\n")).join("\n"));
  }

  async sideways(what, page) {
    const over = await page.evaluate(() => {
      const most = document.documentElement.clientWidth;
      if (document.documentElement.scrollWidth <= most) return "";
      return [...document.querySelectorAll("body *")].filter(n => n.getBoundingClientRect().right > most + 1).slice(0, 6)
        .map(n => `${n.tagName}.${n.className} ${Math.round(n.getBoundingClientRect().right)}`).join("\n");
    });
    return this.ok(`${what}: nothing scrolls sideways`, over === "", over);
  }

  async sound(what, page) {
    await this.axe(what, page);
    await this.sideways(what, page);
  }
}

module.exports = {Case};
