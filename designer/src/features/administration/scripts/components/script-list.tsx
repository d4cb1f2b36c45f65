import { Button } from '@mantine/core';
import { IconCode, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { useTexts } from '@/lib/i18n/text';
import { scriptPath } from '@/lib/paths';
import { Badge } from '@/ui/badge';
import { Message } from '@/ui/message';
import { PageHeader } from '@/ui/page-header';
import { usePageTitle } from '@/ui/page-title';
import type { Script } from '../api/scripts';
import { draftPlaces, readDraft } from '../hooks/drafts';
import { useUseText } from '../hooks/use-use-text';
import { NewScriptDialog } from './new-script-dialog';
import styles from './scripts.module.css';

interface Listed extends Script {
  isUnpublished: boolean;
}

/** The published scripts, with those of which this browser alone knows. */
function withDrafts(scripts: Script[]): Listed[] {
  const drafts = draftPlaces();
  const isDraft = (one: { package: string; file: string }) => drafts.some((each) => each.package === one.package && each.file === one.file);
  const fresh = drafts.flatMap((place) => {
    const created = scripts.some((each) => each.package === place.package && each.file === place.file) ? undefined : readDraft(place)?.created;
    return created ? [{ ...place, uses: [{ ...created, canBeTried: false }], isUnpublished: true }] : [];
  });
  return [...scripts.map((script) => ({ ...script, isUnpublished: isDraft(script) })), ...fresh].sort((one, other) => one.file.localeCompare(other.file));
}

function Item({ script }: { script: Listed }) {
  const t = useTexts();
  const textOf = useUseText();
  return (
    <li className={styles.item}>
      <IconCode size={16} stroke={1.6} aria-hidden />
      <div className={styles.itemText}>
        <Link className={styles.name ?? ''} to={scriptPath(script.package, script.file)}>
          {script.file}
        </Link>
        <p className={styles.hint}>
          {script.uses.length > 0 ? script.uses.map(textOf).join(' · ') : t('scripts.use.none')} · {script.package}
        </p>
      </div>
      {script.isUnpublished ? <Badge color="yellow" label={t('scripts.unpublished')} /> : null}
    </li>
  );
}

/** All scripts. */
export function ScriptList({ scripts, isLoaded }: { scripts: Script[]; isLoaded: boolean }) {
  const t = useTexts();
  const [creating, setCreating] = useState(false);
  usePageTitle(t('scripts.all'));
  const all = withDrafts(scripts);
  return (
    <>
      <PageHeader
        actions={
          <Button leftSection={<IconPlus size={15} />} onClick={() => setCreating(true)}>
            {t('scripts.new')}
          </Button>
        }
      >
        <h1 className={styles.title}>{t('scripts.all')}</h1>
      </PageHeader>
      <div className={styles.page} aria-busy={!isLoaded}>
        {isLoaded && all.length === 0 ? <Message icon="empty" title={t('scripts.none')} text={t('scripts.text')} /> : null}
        <ul className={styles.list}>
          {all.map((script) => (
            <Item key={`${script.package}/${script.file}`} script={script} />
          ))}
        </ul>
      </div>
      <NewScriptDialog opened={creating} taken={all} onClose={() => setCreating(false)} />
    </>
  );
}
