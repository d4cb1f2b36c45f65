// An inspection without defects is passed.
record.result = record.status === 'done' ? (record.result ?? ((record.defects ?? 0) > 0 ? 'failed' : 'passed')) : null;
