import { useEffect, useRef, useState } from 'react';
import { useApi } from '@/api/api-context';
import { failureText } from '@/api/failure-text';
import { useTexts } from '@/lib/i18n/text';
import { dryRun, problemText, type Change, type DryRunAnswer, type Sample } from '../api/trials';

/** How far a dry run has come. */
export interface DryRun {
  total: number;
  examined: number;
  changed: number;
  refused: number;
  failed: number;
  samples: Sample[];
  isRunning: boolean;
  /** Why it ended before its time; null where it did not. */
  error: string | null;
}

/** Records of one call: small, so that progress shows. */
const portion = 500;

const mostSamples = 20;

function added(run: DryRun, answer: DryRunAnswer): DryRun {
  return {
    total: answer.total,
    examined: run.examined + answer.examined,
    changed: run.changed + answer.changed,
    refused: run.refused + answer.refused,
    failed: run.failed + answer.failed,
    samples: [...run.samples, ...answer.samples].slice(0, mostSamples),
    isRunning: answer.next !== undefined,
    error: answer.problems[0] ? problemText(answer.problems[0]) : null,
  };
}

/** Tries a change on the records that fulfil a filter, portion by portion, until all were examined or somebody stops it. */
export function useDryRun(entity: string) {
  const api = useApi();
  const t = useTexts();
  const [run, setRun] = useState<DryRun | null>(null);
  const stopping = useRef<AbortController>(null);
  useEffect(() => () => stopping.current?.abort(), []);

  const start = async (change: Change, filter: string) => {
    stopping.current?.abort();
    const controller = new AbortController();
    stopping.current = controller;
    let now: DryRun = { total: 0, examined: 0, changed: 0, refused: 0, failed: 0, samples: [], isRunning: true, error: null };
    setRun(now);
    try {
      for (let after: string | null = null; now.isRunning; ) {
        const answer: DryRunAnswer = await dryRun(api, entity, change, { filter: filter.trim() || null, after, limit: portion }, controller.signal);
        if (controller.signal.aborted) return;
        now = added(now, answer);
        after = answer.next ?? null;
        setRun(now);
      }
    } catch (error) {
      if (!controller.signal.aborted) setRun({ ...now, isRunning: false, error: failureText(t, error as Error) });
    }
  };
  const stop = () => {
    stopping.current?.abort();
    setRun((known) => known && { ...known, isRunning: false });
  };
  return { run, start, stop };
}
