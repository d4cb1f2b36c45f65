// Tells what is known of an account as soon as it is chosen.
onChange('account', async () => {
  if (!record.account) return;
  const account = await get('account', record.account);
  if (!account) return;
  if (!account.active) warn('account', translate('account_inactive', '{0} is not active any more.', account.name));
  const running = await query('contract', { where: { account: account.id, status: 'active' }, limit: 100 });
  if (running.length > 0) form.info('account', translate('account_contracts', 'Active contracts with this account: {0}.', running.length));
});
