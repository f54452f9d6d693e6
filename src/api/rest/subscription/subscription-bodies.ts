/** Subscriptions and messages as they are asked for and answered. */
import { z } from 'zod';
import { maxUrl } from '../../../subscription/address.js';
import type { DeliveryView } from '../../../subscription/deliveries.js';
import { isEventType } from '../../../subscription/events.js';
import type { SubscriptionView } from '../../../subscription/subscription-view.js';
import { soundLine } from '../../../text.js';
import {
  type AttemptProblem,
  attemptProblems,
  changeSubjects,
  changeTypes,
  deliveryStates,
  type Label,
  pauseReasons,
  subscriptionStates,
} from '../../../words.js';
import { divisionCode } from '../../http/parameters.js';
import { codeAndName, instant, integer, labelSchema } from '../body/body-parts.js';

/** Ids as subscriptions have them. */
export const subscriptionId = /^sub_[0-9a-f]{24}$/;

/** A subscription as addresses name it. */
export const subscriptionPath = z.object({
  id: z
    .string()
    .regex(subscriptionId)
    .meta({ label: { zh: '订阅的 id', en: 'Id of the subscription' } }),
});

const url = soundLine
  .min(1)
  .max(maxUrl)
  .meta({
    label: {
      zh: '接收方地址：https；http 只用于 WEBHOOK_NETWORKS 逐一列出的网络',
      en: 'Where messages go: an address of https; of http only within networks that WEBHOOK_NETWORKS names by their addresses',
    },
  });

const eventType = soundLine
  .max(40)
  .refine(isEventType, {
    error: `is no type of change; write ${changeSubjects.join(', ')}, or one of these with a point and ${changeTypes.join(', ')}`,
    params: {
      zh: `不是变更的类型，应为 ${changeSubjects.join('、')}，或其后加点和 ${changeTypes.join('、')}`,
    },
  })
  .meta({
    label: { zh: '一类变更，如 report 或 report.accepted', en: 'Changes of one type, as report, or report.accepted' },
  });

const types = z
  .array(eventType)
  .min(1)
  .max(100)
  .nullable()
  .meta({
    label: {
      zh: '哪些变更；null 为全部；副本须重建的消息（feed.…）总会推送',
      en: 'Which changes; null is all. That a copy is to start again (`feed.…`) is always sent',
    },
  });

const description = soundLine
  .trim()
  .max(200)
  .nullable()
  .meta({ label: { zh: '备注', en: 'What it is for' } });

/** A subscription that is asked for. */
export const askedSubscription = z
  .strictObject({
    url,
    division: divisionCode.optional().meta({
      label: {
        zh: '行政区划及其以下，须为令牌可读；不给则为 /v1/changes 告知该令牌的全部',
        en: 'A division with all below it, which the token reads; all that /v1/changes tells the token when left out',
      },
    }),
    types: types.optional(),
    description: description.optional(),
  })
  .meta({ label: { zh: '订阅', en: 'A subscription' } });

/** What of a subscription is to be otherwise. */
export const subscriptionChange = z
  .strictObject({
    url: url.optional(),
    types: types.optional(),
    description: description.optional(),
    paused: z
      .boolean()
      .optional()
      .meta({ label: { zh: '暂停；false 为自原处继续', en: 'Pause it; false goes on where it was' } }),
  })
  .meta({ label: { zh: '改动', en: 'What is to be otherwise' } });

const pauseReason = z.enum(pauseReasons).meta({
  id: 'PauseReason',
  label: {
    zh: '暂停的原因：ASKED 应要求、GONE 接收方答复 410、FAILING 三天未成功、TOKEN 令牌已失效',
    en: 'Why it is paused. ASKED: by its holder; GONE: its receiver answered 410; FAILING: nothing arrived for three days; TOKEN: its token has ended',
  },
});

const holder = z
  .object({ id: integer, name: z.string() })
  .meta({ id: 'TokenNamed', label: { zh: '令牌', en: 'A token by its number, with its name' } });

/** A subscription. */
export const subscriptionSchema = z
  .object({
    id: z.string(),
    url: z.string().meta({
      label: { zh: '接收方地址；他人的订阅只示来源', en: 'Where messages go; of another token its origin only' },
    }),
    description: z.string().nullable(),
    division: codeAndName.nullable(),
    types: z.array(z.string()).nullable(),
    state: z.enum(subscriptionStates),
    pausedBecause: pauseReason.nullable(),
    token: holder,
    failingSince: instant.nullable(),
    restUntil: instant
      .nullable()
      .meta({ label: { zh: '失败后下次尝试的时间', en: 'When the receiver is tried again, since it failed' } }),
    formerSecretUntil: instant
      .nullable()
      .meta({ label: { zh: '旧密钥同时签名至此', en: 'Until when the former secret signs, too' } }),
    waiting: integer.meta({ label: { zh: '待发的消息', en: 'Messages that wait' } }),
    failed: integer.meta({ label: { zh: '已放弃的消息', en: 'Messages that were given up' } }),
    createdBy: z.string(),
    createdAt: instant,
  })
  .meta({ id: 'Subscription', label: { zh: '订阅', en: 'A subscription, without its secret' } });

/** A subscription with its secret. */
export const newSubscriptionSchema = subscriptionSchema
  .extend({
    secret: z.string().meta({
      label: { zh: '签名密钥，仅此一次', en: 'What messages are signed with; it is never shown again' },
    }),
  })
  .meta({ id: 'NewSubscription', label: { zh: '订阅及其密钥', en: 'A subscription with its secret' } });

/** A message. */
export const deliverySchema = z
  .object({
    id: z
      .string()
      .meta({ label: { zh: 'webhook-id；重发时不变', en: 'webhook-id, the same however often it is sent' } }),
    type: z.string(),
    at: instant.meta({ label: { zh: '所告知的变更的时间', en: 'When what it tells of happened' } }),
    state: z.enum(deliveryStates),
    attempts: integer,
    nextAt: instant.nullable().meta({ label: { zh: '下次发送的时间', en: 'When it is sent next' } }),
    lastAt: instant.nullable().meta({ label: { zh: '上次发送的时间', en: 'When it was sent last' } }),
    status: integer.nullable().meta({ label: { zh: '上次答复的状态码', en: 'Status of the last answer' } }),
    problem: z
      .object({ code: z.enum(attemptProblems), message: labelSchema })
      .nullable()
      .meta({ label: { zh: '上次失败的原因', en: 'Why it did not arrive when it was sent last' } }),
  })
  .meta({ id: 'Delivery', label: { zh: '一条消息', en: 'A message to a subscriber' } });

const problemLabels: Readonly<Record<AttemptProblem, Label>> = {
  ADDRESS: {
    zh: '地址不在允许推送的网络内（设置 WEBHOOK_NETWORKS）。',
    en: 'The address is in no network that the setting WEBHOOK_NETWORKS allows.',
  },
  RESOLVE: { zh: '主机名无法解析。', en: 'The host was not found.' },
  CONNECT: { zh: '无法连接，或连接中断。', en: 'No connection could be made, or it broke.' },
  TLS: { zh: '证书或加密连接有误。', en: 'The certificate, or the encrypted connection, is at fault.' },
  TIMEOUT: { zh: '15 秒内没有答复。', en: 'There was no answer within 15 seconds.' },
  REDIRECT: {
    zh: '接收方要求转到其他地址；不跟随转址。',
    en: 'The receiver sent it elsewhere; redirects are not followed.',
  },
  STATUS: { zh: '接收方的答复不是 2xx。', en: 'The receiver answered with another status than 2xx.' },
  ANSWER: { zh: '答复不是有效的 HTTP。', en: 'The answer is not valid HTTP.' },
};

/** A subscription as a body. */
export function subscriptionBody<View extends SubscriptionView>({ types: some, ...view }: View) {
  return { ...view, types: some && [...some] };
}

/** A message as a body. */
export function deliveryBody({ problem, ...view }: DeliveryView) {
  return { ...view, problem: problem && { code: problem, message: problemLabels[problem] } };
}
