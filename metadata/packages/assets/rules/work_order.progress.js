// Keeps when work began and ended; forgets both when an order starts anew.
if (record.status === 'in_progress') {
  if (!record.started_at) record.started_at = now;
  record.finished_at = null;
} else if (record.status === 'done') {
  if (!record.finished_at) record.finished_at = now;
} else {
  record.started_at = null;
  record.finished_at = null;
}
