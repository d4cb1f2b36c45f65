import { useMemo } from 'react';
import { useParams, useSearchParams } from 'react-router';
import { useTexts } from '@/lib/i18n/text';
import { Message } from '@/ui/message';
import { failureText } from '@/api/failure-text';
import { readDraft, type ScriptPlace } from '../hooks/drafts';
import { useScripts, useScriptText } from '../hooks/use-script';
import type { Script } from '../api/scripts';
import { ScriptEditor } from './script-editor';
import { ScriptList } from './script-list';
import styles from './scripts.module.css';

function Opened({ place, scripts }: { place: ScriptPlace; scripts: Script[] }) {
  const t = useTexts();
  const text = useScriptText(place);
  const script = scripts.find((each) => each.package === place.package && each.file === place.file);
  if (text.isError) return <Message icon="alert" title={t('list.failed')} text={failureText(t, text.error)} action={{ label: t('common.retry'), onClick: () => void text.refetch() }} />;
  if (text.data === undefined) return <div className={styles.page} aria-busy />;
  if (text.data === null && !readDraft(place)) return <Message icon="missing" title={t('scripts.missing')} />;
  return <ScriptEditor place={place} script={script} published={text.data} isCurrent={!text.isPlaceholderData} />;
}

/** Scripts: all of them, or one in the editor. */
export function ScriptsPage() {
  const t = useTexts();
  const { package: packageName } = useParams();
  const file = useSearchParams()[0].get('file');
  const scripts = useScripts();
  const place = useMemo(() => (packageName && file ? { package: packageName, file } : null), [packageName, file]);
  if (scripts.isError && !scripts.data) return <Message icon="alert" title={t('list.failed')} text={failureText(t, scripts.error)} action={{ label: t('common.retry'), onClick: () => void scripts.refetch() }} />;
  if (place) return scripts.data ? <Opened key={`${place.package}/${place.file}`} place={place} scripts={scripts.data} /> : <div className={styles.page} aria-busy />;
  return <ScriptList scripts={scripts.data ?? []} isLoaded={scripts.data !== undefined} />;
}
