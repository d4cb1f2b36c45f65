import { useModel } from '@/api/application-model';
import { useTexts } from '@/lib/i18n/text';
import type { ScriptUse } from '../api/scripts';

/** Says what uses a script. */
export function useUseText(): (use: Pick<ScriptUse, 'kind' | 'entity' | 'name'>) => string {
  const t = useTexts();
  const model = useModel();
  return ({ kind, entity: entityName, name = '' }) => {
    const entity = model.entity(entityName)?.label ?? entityName ?? '';
    if (kind === 'action' && !entityName) return t('scripts.use.action.plain', { name });
    return t(`scripts.use.${kind}`, { name, entity });
  };
}
