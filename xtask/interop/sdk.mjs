// Fetches tickets with the official Node SDK: `node xtask/interop/sdk.mjs ID…`, after
// `npm install --prefix xtask/interop @larksuiteoapi/node-sdk`.
//
// Reads the settings from the environment, as `ticket sandbox` prints them. Prints a line of JSON for each ticket: what the SDK
// returns, or its error.
import * as lark from "@larksuiteoapi/node-sdk";

const env = process.env;
const silent = () => {};
const client = new lark.Client({
  appId: env.FEISHU_APP_ID,
  appSecret: env.FEISHU_APP_SECRET,
  domain: env.FEISHU_BASE_URL,
  logger: { error: silent, warn: silent, info: silent, debug: silent, trace: silent },
});
const pair = Buffer.from(`${env.FEISHU_HELPDESK_ID}:${env.FEISHU_HELPDESK_TOKEN}`).toString("base64");
const options = { headers: { "X-Lark-Helpdesk-Authorization": pair } };

for (const id of process.argv.slice(2)) {
  try {
    const response = await client.helpdesk.ticket.get({ path: { ticket_id: id } }, options);
    console.log(JSON.stringify(response?.data?.ticket ?? { error: `code ${response?.code}` }));
  } catch (error) {
    const { status, data } = error.response ?? {};
    console.log(JSON.stringify({ error: status ? `HTTP ${status}, code ${data?.code}` : error.message }));
  }
}
