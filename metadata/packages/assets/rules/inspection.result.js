// An inspection without defects is passed.
if (record.status !== 'done') {
  record.result = null;
} else if (!record.result) {
  record.result = record.defects > 0 ? 'failed' : 'passed';
}
