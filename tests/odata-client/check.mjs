// Uses a running server through the SAP Cloud SDK, a library that knows nothing of Xrm but $metadata.
// Takes the URL of the data API and an access token from the environment; ends with code 0 where all is well.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { and, any, or } from '@sap-cloud-sdk/odata-v4';
import { BigNumber } from 'bignumber.js';
import moment from 'moment';
import { generateClient } from './generate.mjs';

const url = process.env.XRM_DATA_URL;
const headers = { Authorization: `Bearer ${process.env.XRM_TOKEN}` };
const destination = { url: new URL(url).origin, authentication: 'NoAuthentication', headers };
const { accountsApi, specimensApi, specimen_SamplesApi: samplesApi, batch, changeset } = await generateClient(url, headers);
const name = `Client ${randomUUID()}`;
const checks = {};

checks['creates a record with its children'] = async () => {
  const account = await accountsApi.requestBuilder().create(accountsApi.entityBuilder().name(name).build()).execute(destination);
  assert.equal(account.name, name);
  const sample = samplesApi.entityBuilder().name('First').mass(new BigNumber('1.50')).build();
  const specimen = specimensApi.entityBuilder().title(name).accountId(account.id).traits(['rare', 'toxic']).pieces(new BigNumber(7)).weight(new BigNumber('1.25')).foundOn(moment.utc('2026-11-22')).samples([sample]).build();
  const created = await specimensApi.requestBuilder().create(specimen).execute(destination);
  assert.deepEqual([created.title, created.traits, String(created.weight)], [name, ['rare', 'toxic'], '1.25']);
};

checks['lists, filters, sorts, counts and expands'] = async () => {
  const { TITLE, PIECES, ACCOUNT, SAMPLES, WEIGHT } = specimensApi.schema;
  const rows = await specimensApi.requestBuilder().getAll()
    .filter(and(TITLE.equals(name), PIECES.greaterThan(new BigNumber(5)), ACCOUNT.filter(accountsApi.schema.NAME.equals(name))))
    .select(TITLE, WEIGHT).expand(ACCOUNT.select(accountsApi.schema.NAME), SAMPLES)
    .orderBy(specimensApi.schema.TITLE).top(5).execute(destination);
  assert.equal(rows.length, 1);
  assert.deepEqual([rows[0].account.name, rows[0].samples[0].name], [name, 'First']);
  assert.equal(await specimensApi.requestBuilder().getAll().filter(TITLE.equals(name)).count().execute(destination), 1);
  assert.equal((await specimensApi.requestBuilder().getAll().filter(SAMPLES.filter(any(samplesApi.schema.NAME.equals('None')))).execute(destination)).length, 0);
};

checks['reads by key, changes with the ETag and loses a race clearly'] = async () => {
  const [found] = await specimensApi.requestBuilder().getAll().filter(specimensApi.schema.TITLE.equals(name)).execute(destination);
  const read = await specimensApi.requestBuilder().getByKey(found.id).execute(destination);
  const stale = await specimensApi.requestBuilder().getByKey(found.id).execute(destination);
  read.pieces = new BigNumber(9);
  assert.equal(Number((await specimensApi.requestBuilder().update(read).execute(destination)).pieces), 9);
  stale.pieces = new BigNumber(10);
  await assert.rejects(specimensApi.requestBuilder().update(stale).execute(destination), (error) => (error.rootCause ?? error.cause).response.status === 412);
};

checks['sends reads and groups of writes in one batch'] = async () => {
  const [first, second] = [accountsApi, accountsApi].map((api, index) => api.entityBuilder().name(`${name} ${index}`).build());
  const [read, group, after] = await batch(
    accountsApi.requestBuilder().getAll().filter(accountsApi.schema.NAME.equals(name)),
    changeset(accountsApi.requestBuilder().create(first), accountsApi.requestBuilder().create(second)),
    accountsApi.requestBuilder().getAll().filter(or(...[0, 1].map((index) => accountsApi.schema.NAME.equals(`${name} ${index}`)))),
  ).execute(destination);
  assert.ok(read.isSuccess() && group.isSuccess() && after.isSuccess());
  assert.equal(read.as(accountsApi).length, 1);
  assert.deepEqual(group.responses.map((each) => [each.httpCode, each.as(accountsApi).name]), [[201, `${name} 0`], [201, `${name} 1`]]);
  assert.equal(after.as(accountsApi).length, 2);
};

checks['is told why a group in a batch was refused'] = async () => {
  const right = accountsApi.entityBuilder().name(`${name} refused`).build();
  const [group] = await batch(changeset(accountsApi.requestBuilder().create(right), specimensApi.requestBuilder().create(specimensApi.entityBuilder().pieces(new BigNumber(1)).build()))).execute(destination);
  assert.ok(!group.isSuccess());
  assert.deepEqual([group.httpCode, group.body.code], [400, 'validation_failed']);
  assert.equal((await accountsApi.requestBuilder().getAll().filter(accountsApi.schema.NAME.equals(`${name} refused`)).execute(destination)).length, 0);
};

checks['deletes'] = async () => {
  const [found] = await specimensApi.requestBuilder().getAll().filter(specimensApi.schema.TITLE.equals(name)).execute(destination);
  await specimensApi.requestBuilder().delete(found).execute(destination);
  await assert.rejects(specimensApi.requestBuilder().getByKey(found.id).execute(destination), (error) => (error.rootCause ?? error.cause).response.status === 404);
};

for (const [what, check] of Object.entries(checks)) {
  await check();
  console.log(`ok: ${what}`);
}
