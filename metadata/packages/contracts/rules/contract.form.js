// Made from contract.form.ts by xrm build; do not edit. source sha256-87c91a498ef3f498839fd945528a6b44f60e9d9b60d0b44c214311bea057df37 output sha256-0ea85ebe6ecc027f010ebeea897bbe4038852c05d8473be911083df86a479bc3
"use strict";
// Tells what is known of an account as soon as it is chosen.
onChange('account', async () => {
    if (!record.account)
        return;
    const account = await get('account', record.account);
    if (!account)
        return;
    if (!account.active)
        warn('account', translate('account_inactive', '{0} is not active any more.', account.name));
    const running = await query('contract', { where: { account: account.id, status: 'active' }, limit: 100 });
    if (running.length > 0)
        form.info('account', translate('account_contracts', 'Active contracts with this account: {0}.', running.length));
});
//# sourceMappingURL=data:application/json;base64,eyJ2ZXJzaW9uIjozLCJzb3VyY2VzIjpbImNvbnRyYWN0LmZvcm0udHMiXSwibmFtZXMiOltdLCJtYXBwaW5ncyI6Ijs7QUFBQSw2REFBNkQ7QUFDN0QsUUFBUSxDQUFDLFNBQVMsRUFBRSxLQUFLLElBQUksRUFBRTtJQUM3QixJQUFJLENBQUMsTUFBTSxDQUFDLE9BQU87UUFBRSxPQUFPO0lBQzVCLE1BQU0sT0FBTyxHQUFHLE1BQU0sR0FBRyxDQUFDLFNBQVMsRUFBRSxNQUFNLENBQUMsT0FBTyxDQUFDLENBQUM7SUFDckQsSUFBSSxDQUFDLE9BQU87UUFBRSxPQUFPO0lBQ3JCLElBQUksQ0FBQyxPQUFPLENBQUMsTUFBTTtRQUFFLElBQUksQ0FBQyxTQUFTLEVBQUUsU0FBUyxDQUFDLGtCQUFrQixFQUFFLDZCQUE2QixFQUFFLE9BQU8sQ0FBQyxJQUFJLENBQUMsQ0FBQyxDQUFDO0lBQ2pILE1BQU0sT0FBTyxHQUFHLE1BQU0sS0FBSyxDQUFDLFVBQVUsRUFBRSxFQUFFLEtBQUssRUFBRSxFQUFFLE9BQU8sRUFBRSxPQUFPLENBQUMsRUFBRSxFQUFFLE1BQU0sRUFBRSxRQUFRLEVBQUUsRUFBRSxLQUFLLEVBQUUsR0FBRyxFQUFFLENBQUMsQ0FBQztJQUMxRyxJQUFJLE9BQU8sQ0FBQyxNQUFNLEdBQUcsQ0FBQztRQUFFLElBQUksQ0FBQyxJQUFJLENBQUMsU0FBUyxFQUFFLFNBQVMsQ0FBQyxtQkFBbUIsRUFBRSwwQ0FBMEMsRUFBRSxPQUFPLENBQUMsTUFBTSxDQUFDLENBQUMsQ0FBQztBQUMzSSxDQUFDLENBQUMsQ0FBQyJ9
