import { useState } from 'react';
import type { RuleChange } from '../api/trials';
import { DryRunPanel } from './dry-run-panel';
import { TracePanel } from './trace-panel';

interface RuleTrialProps {
  entity: string;
  /** The rule, as published where it names nothing else; null while its text is not finished. */
  change: RuleChange | null;
  /** Events of the rule. */
  on: readonly string[];
  /** It runs when a save is over: then it is traced, and not tried on many records. */
  isAfter?: boolean;
}

/** Tries a rule that is published, changed or new on the records that are there, and in one save of one record. Nothing is kept. */
export function RuleTrial({ entity, change, on, isAfter = false }: RuleTrialProps) {
  const [record, setRecord] = useState('');
  return (
    <>
      {isAfter ? null : <DryRunPanel entity={entity} change={change} onTrace={setRecord} />}
      <TracePanel key={record} entity={entity} change={change} on={on} record={record} />
    </>
  );
}
