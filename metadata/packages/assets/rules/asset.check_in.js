record.lent_to = null;
record.back_by = null;
if (parameters.is_damaged) {
  create('work_order', {
    title: translate('loan_repair', 'Repair after a loan: {0}', record.name),
    asset: record.id,
    description: parameters.damage
  });
}
