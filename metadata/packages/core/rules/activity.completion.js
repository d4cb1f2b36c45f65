// Keeps the moment at which an activity was done; clears it when the activity is opened again.
if (record.status === 'done') {
  if (!record.completed_at) record.completed_at = now;
} else {
  record.completed_at = null;
}
