/** What each failure means and what to do next, as `/problems/{name}` explains it. */
import type { ProblemName } from '../../../problem.js';
import type { Label } from '../../../words.js';

/** The explanation of a failure. */
export interface Explanation {
  readonly meaning: Label;
  readonly next: Label;
}

/** The explanation of every failure of the catalogue. */
export const explanations: Readonly<Record<ProblemName, Explanation>> = {
  'malformed-body': {
    meaning: {
      zh: '请求体不是完整、严格的 JSON（或表单）：为空、被截断、键重复、编码不是 UTF-8，或数字会被舍入。',
      en: 'The body is no complete and strict JSON (or form): empty, cut off, a key twice, not UTF-8, or a number that would be rounded.',
    },
    next: {
      zh: '按 errors 或 detail 给出的行、列和位置更正后重发。',
      en: 'Correct the place that detail or errors name by line, column and pointer, and send it again.',
    },
  },
  'malformed-request': {
    meaning: { zh: '报文不是合法的 HTTP 请求。', en: 'The message is no request that HTTP allows.' },
    next: { zh: '检查客户端或代理发送的报文。', en: 'Look at what the client, or a proxy in between, sends.' },
  },
  'invalid-parameter': {
    meaning: {
      zh: '路径、查询参数、请求头或 GraphQL 参数无效，或没有该参数。',
      en: 'A part of the path, a query parameter, a header or an argument of GraphQL is not valid, or there is none of that name.',
    },
    next: {
      zh: 'errors 逐一指出参数名及其应有的写法；/openapi.json 列出每个接口的参数。',
      en: 'errors names each one and says how it is written; /openapi.json lists the parameters of every call.',
    },
  },
  unauthorized: {
    meaning: {
      zh: '此处需要令牌，而请求没有令牌，或令牌错误、过期、已吊销。',
      en: 'A token is needed here and none was sent, or it is wrong, expired or revoked.',
    },
    next: {
      zh: '以 `Authorization: Bearer xb_…` 发送令牌；没有令牌的，向管理员申请。',
      en: 'Send a token as `Authorization: Bearer xb_…`; an administrator gives you one.',
    },
  },
  forbidden: {
    meaning: {
      zh: '令牌有效，但其权限或范围不含此操作。',
      en: 'The token holds, but its scopes, or the places they are for, do not include this.',
    },
    next: {
      zh: '改用相应权限和范围的令牌，或请管理员签发。',
      en: 'Use a token with the scope over that division or agency, or ask an administrator for one.',
    },
  },
  'address-refused': {
    meaning: {
      zh: '该地址不能接收推送：格式不符，主机名无法解析，或不在设置 WEBHOOK_NETWORKS 所允许的网络内；该设置默认为空，即不推送。',
      en: 'No messages can go to that address: it is not an address of https, its host is not found, or it lies in no network that the setting WEBHOOK_NETWORKS allows; by default there is none.',
    },
    next: {
      zh: '按 reason 和 detail 改用其他地址，或请运维人员设置 WEBHOOK_NETWORKS；GET /v1/changes 无需推送即可得知同样的变更。',
      en: 'Take another address by what reason and detail say, or ask the operator to set WEBHOOK_NETWORKS. GET /v1/changes tells the same to who asks.',
    },
  },
  'too-many-subscriptions': {
    meaning: {
      zh: '该令牌或全部令牌的订阅已达上限。',
      en: 'The token, or all tokens together, have as many subscriptions as there may be.',
    },
    next: {
      zh: '删除不再使用的订阅；一个订阅可以接收多种变更。',
      en: 'Delete one that is no longer used; one subscription can tell of many types of changes.',
    },
  },
  'changes-lost': {
    meaning: {
      zh: 'since 所指的位置不属于现在的数据库、读者或行政区划：数据库由备份恢复，令牌的权限、division 已不同，或所跟踪的范围划入、划出了行政区划。',
      en: 'The place that since names is none of this database, reader or division: it was restored from a backup, the rights of the token or division are others, or what is followed holds other divisions.',
    },
    next: {
      zh: '清空副本，不带 since 重新从头读取。',
      en: 'Empty the copy and start again without since.',
    },
  },
  'not-found': {
    meaning: {
      zh: '没有该路径，或没有所指的报告、版本、任务等；已撤回的报告也在此列。',
      en: 'There is no such path, or not the report, revision, import or token that it names; a withdrawn report is one of them.',
    },
    next: {
      zh: '核对路径和代码；GET /v1 列出全部入口，已撤回报告的历次版本仍可读取。',
      en: 'Check the path and the codes; GET /v1 lists what there is. The revisions of a withdrawn report stay readable.',
    },
  },
  'unknown-agency': {
    meaning: {
      zh: '名录中任何一天都没有该代码的机关。',
      en: 'No agency of the register has or had that code on any day.',
    },
    next: {
      zh: '核对代码；GET /v1/agencies 按县列出机关。新设机关须先录入名录。',
      en: 'Check the code; GET /v1/agencies lists those of a county. A new agency is entered in the register first.',
    },
  },
  'unknown-division': {
    meaning: {
      zh: '名录中任何一天都没有该代码的行政区划。',
      en: 'No division of the register has or had that code on any day.',
    },
    next: {
      zh: '核对六位代码；GET /v1/divisions 自上而下列出行政区划。',
      en: 'Check the six digits; GET /v1/divisions lists divisions from the top down.',
    },
  },
  'method-not-allowed': {
    meaning: { zh: '路径存在，但不支持该方法。', en: 'The path is there, but it does not take this method.' },
    next: { zh: '改用 Allow 头列出的方法。', en: 'Use one of the methods in the Allow header.' },
  },
  'not-acceptable': {
    meaning: {
      zh: 'Accept 头排除了此处所有的格式。',
      en: 'The Accept header excludes every representation that there is.',
    },
    next: {
      zh: '从 available 中选取格式，或去掉 Accept 头。',
      en: 'Accept one of those in available, or send no Accept header.',
    },
  },
  'request-timeout': {
    meaning: {
      zh: '请求头或请求体在规定时间内没有送达。',
      en: 'The headers or the body did not come within the time that they have.',
    },
    next: {
      zh: '检查网络后重发；大文件请用批量接口。',
      en: 'Send it again over a better line; large files go to the imports.',
    },
  },
  'already-filed': {
    meaning: {
      zh: '该机关该年度已报送，且内容不同；未作任何更改。',
      en: 'The agency has filed for that year, with other content; nothing was changed.',
    },
    next: {
      zh: '读取 location 所指报告；如须修订，用 PUT，带 If-Match 和 reason。',
      en: 'Read the report at location; to revise it, PUT with If-Match and a reason.',
    },
  },
  conflict: {
    meaning: {
      zh: '与名录或既有数据的现状冲突；未作任何更改。',
      en: 'It contradicts what the register or the store already holds; nothing was changed.',
    },
    next: {
      zh: '重新读取现状，按 detail 调整后重发。',
      en: 'Read what stands there now, and send what detail asks for.',
    },
  },
  'year-locked': {
    meaning: {
      zh: '该区划的这一年度已锁定，不再接受报送、修订和撤回。',
      en: 'The year is locked for that division: nothing is filed, revised or withdrawn.',
    },
    next: {
      zh: '请锁定者开锁或为该机关设例外。',
      en: 'Ask those who locked it to lift the lock, or to make an exception for the agency.',
    },
  },
  'request-in-flight': {
    meaning: {
      zh: '带同一幂等键的请求正在处理。',
      en: 'A request with the same idempotency key is being answered.',
    },
    next: {
      zh: '按 Retry-After 稍候，以同一键重发。',
      en: 'Wait as Retry-After says, and send it again with the same key.',
    },
  },
  'stale-revision': {
    meaning: {
      zh: 'If-Match 或 If-None-Match 的条件与现状不符：期间有人修订、撤回或已报送。',
      en: 'The condition in If-Match or If-None-Match does not hold: somebody revised, withdrew or filed in between.',
    },
    next: {
      zh: '重新读取报告，比较变化，以新的 ETag 重发。',
      en: 'Read the report again, look at what changed, and send yours with the new ETag.',
    },
  },
  'body-too-large': {
    meaning: { zh: '请求体超过该接口的上限。', en: 'The body is larger than the call takes.' },
    next: {
      zh: '拆分，或将多份报告交给 POST /v1/imports。',
      en: 'Split it, or send many reports to POST /v1/imports.',
    },
  },
  'unsupported-media-type': {
    meaning: {
      zh: 'Content-Type 所示的类型、编码或压缩此处不支持，或没有注明类型。',
      en: 'The type, charset or compression of the body is none that the call takes, or no type was named.',
    },
    next: {
      zh: '改用 Accept-Post（PUT 为 Accept）头列出的类型，UTF-8，不压缩。',
      en: 'Send a type that the Accept-Post header (for PUT: Accept) lists, in UTF-8 and uncompressed.',
    },
  },
  'invalid-report': {
    meaning: {
      zh: '报告内容不合格式：缺格、多余的项、类型或取值有误；未保存。',
      en: 'The report does not fit its form: boxes missing, members unknown, values of the wrong kind; nothing was stored.',
    },
    next: {
      zh: 'errors 逐处指出位置和应有的内容，更正后重发。',
      en: 'errors names every place and what belongs there; correct them all and send it again.',
    },
  },
  'invalid-document': {
    meaning: {
      zh: '文件读不出一份年度报告，或有单元格未能读出；未保存。',
      en: 'No annual report could be read from the document, or a box of it could not; nothing was stored.',
    },
    next: {
      zh: '以 POST /v1/readings 查看读出的内容和疑问，更正文件，或按 JSON 报送。',
      en: 'See what was read, and every doubt, by POST /v1/readings; correct the document, or file as JSON.',
    },
  },
  'ambiguous-agency': {
    meaning: {
      zh: '文件所写名称可能指多个机关，系统不作猜测。',
      en: 'The name in the document may mean several agencies, and nothing is guessed.',
    },
    next: {
      zh: '从 candidates 中选定代码，用 ?agency= 指明后重发。',
      en: 'Choose one of the candidates and name it by ?agency=.',
    },
  },
  'unbalanced-report': {
    meaning: {
      zh: '报告的勾稽关系不符；未保存。',
      en: 'Equations of the form do not hold in the report; nothing was stored.',
    },
    next: {
      zh: '按 errors 更正数字；确系原文如此的，以 Prefer: handling=lenient 照原样报送，核对结果随附。',
      en: 'Correct the figures that errors names; where the report was published so, file it as it is with Prefer: handling=lenient.',
    },
  },
  'agency-closed': {
    meaning: {
      zh: '该机关在该年 12 月 31 日尚未设立或已撤销。',
      en: 'The agency was not there on 31 December of that year.',
    },
    next: { zh: '由 successors 所列的承继机关报送。', en: 'Its successors, where they are named, file for that year.' },
  },
  'invalid-change': {
    meaning: {
      zh: '变更、锁定、令牌等请求的内容无效；未作任何更改。',
      en: 'The body of a change (of the register, a lock, a token) is not valid; nothing was changed.',
    },
    next: { zh: '按 errors 更正后重发。', en: 'Correct what errors names, and send it again.' },
  },
  'repeated-in-file': {
    meaning: {
      zh: '同一机关同一年度在一个文件中出现了两次，第二次不予受理。',
      en: 'An agency and a year stand in one file twice; the second is not taken.',
    },
    next: {
      zh: 'detail 指出首次出现的位置；留下应报送的一份，其余删去后重发。',
      en: 'detail says where the first one is; keep the one that is meant and send the file again.',
    },
  },
  'not-kept': {
    meaning: {
      zh: '该条本身无误；因 mode=all 而文件中另有被拒收的，全部未保存。',
      en: 'The item itself is in order; as others of the file were refused and mode=all keeps all or none, nothing was kept.',
    },
    next: {
      zh: '更正被拒收的各条后重发整个文件，或改用 mode=each。',
      en: 'Correct what was refused and send the whole file again, or use mode=each.',
    },
  },
  'key-reused': {
    meaning: {
      zh: '该幂等键已用于内容不同的请求。',
      en: 'The idempotency key was sent before, with another request.',
    },
    next: {
      zh: '新请求用新键；重发旧请求须原样不变。',
      en: 'Use a new key for a new request; to repeat one, send it unchanged.',
    },
  },
  'invalid-review': {
    meaning: {
      zh: '审核意见无效：如对已处于该状态的版本，或退回而无理由。',
      en: 'The decision cannot be taken: the revision stands so already, or it is returned without a reason.',
    },
    next: {
      zh: '重新读取报告的状态，按 errors 更正。',
      en: 'Read the state of the report, and correct what errors names.',
    },
  },
  'revision-required': {
    meaning: {
      zh: '修订或撤回已有报告须注明针对哪一版。',
      en: 'To revise or withdraw a report, say which revision you have seen.',
    },
    next: {
      zh: '读取报告，将其 ETag 放入 If-Match。',
      en: 'Read the report, and send its ETag in If-Match.',
    },
  },
  'query-too-large': {
    meaning: {
      zh: '查询超出限额：文本过长、嵌套过深、别名过多、费用过高，或导出的行数过多。',
      en: 'The query asks for more than is given at once: text, depth, aliases, cost, or rows of a workbook.',
    },
    next: {
      zh: 'limit、allowed、actual 说明哪项限额；costs 列出费用最高的字段及应调低的参数。改为分页、分次。',
      en: 'limit, allowed and actual say which limit; costs lists the dearest fields and the argument to lower. Ask page by page.',
    },
  },
  'persisted-query-not-found': {
    meaning: {
      zh: 'GraphQL 请求只给出了查询文本的 SHA-256，而服务没有保存该文本（从未发送、久未使用或服务已重启）。',
      en: 'The GraphQL request gave only the SHA-256 of a query, and its text is not kept: it was never sent, not for long, or before a restart.',
    },
    next: {
      zh: '将 query 与 extensions.persistedQuery 一并再发一次；Apollo、urql 等客户端会自动重发。',
      en: 'Send query together with extensions.persistedQuery once; clients such as Apollo and urql do so by themselves.',
    },
  },
  'persisted-query-not-supported': {
    meaning: {
      zh: 'extensions.persistedQuery 的 version 不是 1。',
      en: 'The version in extensions.persistedQuery is not 1.',
    },
    next: { zh: '使用 version 1，或直接发送 query。', en: 'Use version 1, or send the query itself.' },
  },
  'too-many-requests': {
    meaning: {
      zh: '每分钟请求数、同时未答复的请求数，或等待、保存的内容，超过单个调用方的份额。',
      en: 'You asked more often in a minute, or have more at once, waiting or kept, than the share of one caller.',
    },
    next: {
      zh: '按 Retry-After 等待；RateLimit-* 头给出余额。',
      en: 'Wait as Retry-After says; the RateLimit headers tell what is left.',
    },
  },
  'damaged-upload': {
    meaning: {
      zh: '批量报送的文件收到后在服务器磁盘上被截断或改变，未处理的部分没有保存。',
      en: 'The file of an import was cut short or changed on the disk of the server after it was received; what was not done yet is not done.',
    },
    next: {
      zh: '重新报送该文件（已收的报送不会重复）；请管理员检查磁盘。',
      en: 'Send the file again, which files nothing twice, and have the operator look at the disk.',
    },
  },
  'headers-too-large': {
    meaning: { zh: '请求头总长超过上限。', en: 'The headers are longer than is taken.' },
    next: { zh: '去掉多余的头或 Cookie，缩短查询。', en: 'Send fewer headers and cookies, and a shorter query.' },
  },
  internal: {
    meaning: {
      zh: '服务内部出错，不是请求的过错；未完成的写入不会保存。',
      en: 'Something failed on our side and not in the request; a write that was not finished was not kept.',
    },
    next: {
      zh: '稍后重试；如仍失败，将 instance（即 X-Request-Id）告知管理员，日志中有详情。',
      en: 'Try again later; if it stays, give the operator the instance (the X-Request-Id), under which the log has it.',
    },
  },
  busy: {
    meaning: {
      zh: '数据库或导出正忙，未作处理。',
      en: 'The database is held by a longer piece of work, or as many exports run as may; nothing was done.',
    },
    next: { zh: '按 Retry-After 稍后重试。', en: 'Try again as Retry-After says.' },
  },
  'storage-unavailable': {
    meaning: {
      zh: '磁盘故障或只读，无法写入；查询可能不受影响。',
      en: 'The disk fails or is read-only, so nothing can be written; reading may go on.',
    },
    next: { zh: '请管理员检查磁盘，稍后重试。', en: 'The operator looks at the disk; try again later.' },
  },
  'storage-full': {
    meaning: { zh: '磁盘或配额已满，未保存。', en: 'The disk or its quota is full; nothing was stored.' },
    next: { zh: '请管理员腾出空间，稍后重试。', en: 'The operator makes room; try again later.' },
  },
  overloaded: {
    meaning: {
      zh: '服务已达负荷上限，未作处理。',
      en: 'The service has as much to do as it can take; nothing was done.',
    },
    next: { zh: '按 Retry-After 等待后重试。', en: 'Wait as Retry-After says, and try again.' },
  },
};
