/** Derived from openapi.json by `npm run generate`. */
/* biome-ignore-all lint: derived */
export interface paths {
    "/v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 服务一览 What there is: every call, and where to read about it */
        get: operations["getV1"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/problems": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 失败类型 Every failure, with what it means and what to do next */
        get: operations["getProblems"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/problems/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 对一类失败的说明 What a failure means and what to do next */
        get: operations["getProblemsName"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/reports/{agency}/{year}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 读取报告 Read a report with its findings
         * @description 按 Accept 或扩展名给出 JSON 或印制的表格。 As JSON or as the printed form, by Accept or extension.
         */
        get: operations["getReportsAgencyYear"];
        /**
         * 报送或修订 File or revise a report
         * @description 201 新建；200 修订或未变；修订须带 `If-Match`（428、412）和 `reason`。也可直接发送文件。 A revision needs If-Match and a reason. The document itself is taken too.
         */
        put: operations["putReportsAgencyYear"];
        post?: never;
        /** 撤回 Withdraw a report; its revisions stay readable */
        delete: operations["deleteReportsAgencyYear"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/reports/{agency}/{year}/revisions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 历次版本 Every revision: when, by whom, why, and the cells that changed */
        get: operations["getReportsAgencyYearRevisions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/reports/{agency}/{year}/revisions/{number}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 某一版本 One revision in full */
        get: operations["getReportsAgencyYearRevisionsNumber"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/reports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 列出报告 List reports
         * @description 按首次报送顺序；下一页见 `Link: rel=next`。 In the order of filing; the next page is in Link.
         */
        get: operations["getReports"];
        put?: never;
        /**
         * 报送 File a report
         * @description 201 新建；200 内容相同，未变；409 已有不同内容；422 内容或勾稽关系有误，未保存。`Prefer: handling=lenient` 照原样保存并附核对结果。 201 created; 200 the same content again; 409 other content is filed; 422 nothing stored. 也可直接发送文件（txt、md、html、docx、xlsx、pdf、odt、ods、doc、xls、wps、et）。 The document itself is taken too; a cell that cannot be read is refused, or blank when lenient.
         */
        post: operations["postReports"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/changes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 变更 What has changed since: filed, accepted, withdrawn, moved …
         * @description 按操作日志顺序；副本只属于一种权限和一个 division，410 时清空副本重新开始。 In the order of the audit log. A copy belongs to one reader and one division; at 410, empty it and start again.
         */
        get: operations["getChanges"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/reports/{agency}/{year}/reviews": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 审核：通过或退回 Accept the revision that stands, or return it with a reason
         * @description 通过后更正为新版本，原通过的版本仍可读取并留在“审核通过”的汇总中，直至新版本通过；退回已通过的版本即撤销通过。 A correction after acceptance is a new revision: what was accepted stays readable, and in the sums of what was accepted, until the correction is. To return what was accepted takes the acceptance back.
         */
        post: operations["postReportsAgencyYearReviews"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/reports/{agency}/{year}/notes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * 说明核对结果 Say of a finding that it is so, or why
         * @description 报送者可说明（EXPLAINED），审核者还可确认（CONFIRMED）；OPEN 收回。说明不因重新核对而丢失。 Who files may explain, who reviews may confirm too; OPEN takes it back. It stays when findings are made anew.
         */
        put: operations["putReportsAgencyYearNotes"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/divisions/{division}/locks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 锁定的年度 The years locked for a division itself */
        get: operations["getDivisionsDivisionLocks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/divisions/{division}/locks/{year}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** 锁定年度 Close a year to filing for a division and all below it */
        put: operations["putDivisionsDivisionLocksYear"];
        post?: never;
        /** 解锁 Open a year again */
        delete: operations["deleteDivisionsDivisionLocksYear"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/divisions/{division}/locks/{year}/exceptions/{agency}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** 设例外 Let an agency file for a locked year */
        put: operations["putDivisionsDivisionLocksYearExceptionsAgency"];
        post?: never;
        /** 取消例外 Take an exception back */
        delete: operations["deleteDivisionsDivisionLocksYearExceptionsAgency"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/subscriptions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 列出订阅 The subscriptions of the token, and of tokens that it may end */
        get: operations["getSubscriptions"];
        put?: never;
        /**
         * 订阅变更 Have what changes sent to an address; the secret is shown once
         * @description 消息依 Standard Webhooks 1.0 签名，不含数字；从现在起的变更，如 /v1/changes 告知该令牌的。 Messages are signed as Standard Webhooks 1.0 has it and hold no figures: what comes from now on, as /v1/changes tells it to the token.
         */
        post: operations["postSubscriptions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/subscriptions/{id}/secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 更换签名密钥 Give it another secret; the former one signs, too, for some hours */
        post: operations["postSubscriptionsIdSecret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/subscriptions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 一个订阅 A subscription, and how its receiver fares */
        get: operations["getSubscriptionsId"];
        put?: never;
        post?: never;
        /** 取消订阅 End it for ever, with its messages */
        delete: operations["deleteSubscriptionsId"];
        options?: never;
        head?: never;
        /** 更改、暂停或继续 Change it, pause it, or go on where it was */
        patch: operations["patchSubscriptionsId"];
        trace?: never;
    };
    "/v1/subscriptions/{id}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 消息及其结果 Messages to a subscriber, the newest first
         * @description 送达的保存 30 天，每个订阅至多一万条；放弃的保存 90 天。 Those that arrived are kept for 30 days, ten thousand of a subscription at the most; those given up for 90 days.
         */
        get: operations["getSubscriptionsIdDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/subscriptions/{id}/deliveries/{delivery}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 一条消息 A message, and what came of it */
        get: operations["getSubscriptionsIdDeliveriesDelivery"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/subscriptions/{id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 发送一条测试消息 Have a test sent, once; read its message for the outcome */
        post: operations["postSubscriptionsIdTest"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/subscriptions/{id}/deliveries/{delivery}/attempts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 重发一条消息 Have a message sent again, under its id */
        post: operations["postSubscriptionsIdDeliveriesDeliveryAttempts"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/subscriptions/{id}/attempts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 重发已放弃的消息 Have messages that were given up sent again, a thousand at once */
        post: operations["postSubscriptionsIdAttempts"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 列出令牌 The tokens you administer */
        get: operations["getTokens"];
        put?: never;
        /**
         * 新建令牌 Make a token; its text is shown once
         * @description 只能授予自己管理范围内的权限。 Nobody grants what they do not administer.
         */
        post: operations["postTokens"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tokens/{id}/rotation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 更换令牌 Give a token another text; the old one ends at once */
        post: operations["postTokensIdRotation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tokens/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** 吊销令牌 End a token for ever */
        delete: operations["deleteTokensId"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 操作日志 What was done, by whom, when and from where
         * @description 须有该行政区划的 review 权限；下一页见 `Link: rel=next`。 For those who review the division; the next page is in Link.
         */
        get: operations["getAudit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/reports/{agency}/{year}.{extension}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 下载印制的报告 A report in one representation */
        get: operations["getReportsAgencyYearExtension"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/rollups/{division}/{year}.{extension}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 下载印制的汇总 A rollup in one representation */
        get: operations["getRollupsDivisionYearExtension"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/agencies/{agency}/blank-form/{year}.{extension}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 空白报表 The form to fill in, which POST /v1/reports reads back
         * @description 合计由公式得出；上年结转和上年现行有效按上年度报送（不持令牌者按审核通过的）填入；带有预填数字而未确认已核对的，读回时这些格作空白。 Totals are formulas; stocks go on from what was filed for the year before, of which a stranger has what was accepted. What a form came with is read back as blank until its box 已核对 is filled in.
         */
        get: operations["getAgenciesAgencyBlankFormYearExtension"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/divisions/{division}/blank-forms/{year}.zip": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 全部空白报表 The forms of all agencies of a division that are expected to file, in one archive
         * @description 合计由公式得出；上年结转和上年现行有效按上年度报送（不持令牌者按审核通过的）填入；带有预填数字而未确认已核对的，读回时这些格作空白。 Totals are formulas; stocks go on from what was filed for the year before, of which a stranger has what was accepted. What a form came with is read back as blank until its box 已核对 is filled in.
         */
        get: operations["getDivisionsDivisionBlankFormsYearZip"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/reports/{agency}/{year}/document": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 报送所用的原件 The document that a report was filed from
         * @description 文件可能含有批注、隐藏内容和作者姓名，因此只供持有该机关读取令牌者下载，公众不可见。 It may hold remarks, hidden parts and names, so it is for those alone whose token reads the agency, and never public.
         */
        get: operations["getReportsAgencyYearDocument"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/reports/{agency}/{year}/revisions/{number}/document": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 某一版本的原件 The document that a revision was filed from
         * @description 文件可能含有批注、隐藏内容和作者姓名，因此只供持有该机关读取令牌者下载，公众不可见。 It may hold remarks, hidden parts and names, so it is for those alone whose token reads the agency, and never public.
         */
        get: operations["getReportsAgencyYearRevisionsNumberDocument"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/reports/{agency}/{year}/document/places": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 各数字在原件中的位置 Where in the document each figure was read
         * @description 文件可能含有批注、隐藏内容和作者姓名，因此只供持有该机关读取令牌者下载，公众不可见。 It may hold remarks, hidden parts and names, so it is for those alone whose token reads the agency, and never public.
         */
        get: operations["getReportsAgencyYearDocumentPlaces"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/reports/{agency}/{year}/revisions/{number}/document/places": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 某一版本各数字在原件中的位置 Where in the document of a revision each figure was read
         * @description 文件可能含有批注、隐藏内容和作者姓名，因此只供持有该机关读取令牌者下载，公众不可见。 It may hold remarks, hidden parts and names, so it is for those alone whose token reads the agency, and never public.
         */
        get: operations["getReportsAgencyYearRevisionsNumberDocumentPlaces"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/divisions/{division}/refusals/{refusal}/document": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 被拒的文件 A document that was sent and refused
         * @description 地址见被拒报送的清单；随该条留存一并删除。 Its address is in the list of what was refused; it goes with its trace.
         */
        get: operations["getDivisionsDivisionRefusalsRefusalDocument"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/divisions/{division}/filings/{year}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 报送情况 Where each agency of a division is with its report for a year
         * @description 应报送的各机关及虽不必报送而已报送的，按代码排列。未持令牌者只见未报送、无需报送、已报送与审核通过。表格（csv、xlsx）未给 first 时为全部，至多 2000 行。 All that are expected to file, and those that filed though they are not, by code. Who has no token is told who has not filed, is exempted, has filed, and what was accepted. A table (csv, xlsx) has all of them unless `first` is given, at most 2000 rows.
         */
        get: operations["getDivisionsDivisionFilingsYear"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/divisions/{division}/filings/{year}.{extension}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 下载报送情况 Where each agency is with its report, as JSON, CSV or Excel
         * @description 应报送的各机关及虽不必报送而已报送的，按代码排列。未持令牌者只见未报送、无需报送、已报送与审核通过。表格（csv、xlsx）未给 first 时为全部，至多 2000 行。 All that are expected to file, and those that filed though they are not, by code. Who has no token is told who has not filed, is exempted, has filed, and what was accepted. A table (csv, xlsx) has all of them unless `first` is given, at most 2000 rows.
         */
        get: operations["getDivisionsDivisionFilingsYearExtension"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/divisions/{division}/findings/{year}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 核对结果 All that was found in the reports of a division for a year
         * @description 各报告所示版本的核对结果及其说明，按机关代码与报告中的次序排列；报告超过 2000 份时请按下级查询。 What was found in each report as it is shown to who asks, with what was said of it; of more than 2000 reports ask below.
         */
        get: operations["getDivisionsDivisionFindingsYear"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/divisions/{division}/findings/{year}.{extension}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 下载核对结果 All that was found in a year, as JSON, CSV or Excel
         * @description 各报告所示版本的核对结果及其说明，按机关代码与报告中的次序排列；报告超过 2000 份时请按下级查询。 What was found in each report as it is shown to who asks, with what was said of it; of more than 2000 reports ask below.
         */
        get: operations["getDivisionsDivisionFindingsYearExtension"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/divisions/{division}/ledger/{year}.{extension}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 分乡镇一览表 The ledger of a county: a row an agency, the totals and what it published itself below
         * @description 每个机关一行，其下为合计、填报份数、本级公布的数字及两者之差；另列出已报、逾期、无需报送和未报的机关，以及本级公布与合计不同的各格。空白不作0。 A row an agency; below them the totals, how many reports state each box, what the county published itself and the difference; who is in, late, exempt and missing; and the boxes that differ. A blank is no zero.
         */
        get: operations["getDivisionsDivisionLedgerYearExtension"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/divisions/{division}/refusals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 被拒的报送 What was sent to be filed and was refused, the latest first
         * @description 供在此报送或审核者查看；未给 year 时为上一年度，即现正报送的年度；机关报送后或满一年即删除，每个机关每年度至多留存 5 次。 For those who file or review there; of last year, which is filed now, unless `year` is given; gone when the agency has filed, or after a year; the last 5 of an agency and year.
         */
        get: operations["getDivisionsDivisionRefusals"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/rollups/{division}/{year}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 汇总 The sums of a county, prefecture, province or the nation, with coverage
         * @description 按 Accept 或扩展名给出 JSON 或印制的表格。 As JSON or as the printed form, by Accept or extension.
         */
        get: operations["getRollupsDivisionYear"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/forms": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 各版格式 The printed forms */
        get: operations["getForms"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/forms/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 一版格式：表、行、列、单元格、勾稽关系 One form as data */
        get: operations["getFormsId"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 核对规则 The checks */
        get: operations["getRules"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/measures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 指标 What can be ranked, compared and tabulated */
        get: operations["getMeasures"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/divisions/{division}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 行政区划 A division, with everything above it, its history, and the deadlines set for itself
         * @description 代码所指以 `on` 那天为准，默认今日；那天未设立或已撤销的，列其最近一次状态。 A code means whoever had it on that day, today when it is left out; what was not there then is shown as it last was, or first will be.
         */
        get: operations["getDivisionsDivision"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/divisions/{division}/changes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 行政区划沿革 What happened to a division, by day */
        get: operations["getDivisionsDivisionChanges"];
        put?: never;
        /**
         * 变更行政区划 Rename, recode, move, merge, split or close a division, or transfer agencies, from a day on
         * @description 五种之一：name、code、parent（至少一项）；mergedInto；splitInto；transfer；closed。并入的连同所辖一并并入。此前年度不变；可预告、补记，与某次变更同日则更正该次；再次并入、拆分或撤销则取代前次。改变已锁定年度的汇总则拒绝（409）。 One of five: name, code, parent (at least one); mergedInto; splitInto; transfer; closed. What lies in a division that is merged goes along. Years before stay as they were; a change is announced or recorded late, and corrects another of its day; a second end replaces the first. What would alter the totals of a locked year is refused (409).
         */
        post: operations["postDivisionsDivisionChanges"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/divisions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 列出行政区划 List divisions by code
         * @description 下一页见 `Link: rel=next`。 The next page is in Link.
         */
        get: operations["getDivisions"];
        put?: never;
        /**
         * 新设行政区划 Make a division
         * @description 新设的县连同其自身的报送主体（COUNTY）。代码在同一日内不得与其他区划相同（409）。 A new county comes with its own agency (COUNTY). No two divisions have one code on the same day (409).
         */
        post: operations["postDivisions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/divisions/{division}/deadlines/{year}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * 设定截止日期 Set the day by which a division files
         * @description 最近一级所设的为准，某年的先于每年的；均未设则机关为 1 月 31 日，县、市、省自行公布的报告为 2 月 20 日、3 月 10 日、3 月 31 日（`for`）。已报送的是否按时随之更新。 The nearest division counts, a date for the year before one for every year; where none is set, 31 January for agencies, and (`for`) 20 February, 10 March and 31 March for the reports that counties, prefectures and provinces publish themselves. What is filed already becomes in time or late with it.
         */
        put: operations["putDivisionsDivisionDeadlinesYear"];
        post?: never;
        /** 取消截止日期 Take a deadline back: the one above it counts again */
        delete: operations["deleteDivisionsDivisionDeadlinesYear"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/divisions/{division}/changes/{on}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * 收回预告的变更或撤并 Take back what was announced of a division for a day, or its end
         * @description 随之划入他处的一并划回。撤并（合并、拆分、撤销）生效后仍可收回，其余变更以同日变更更正。 What went along with it comes back. An end (merged, split, closed) is taken back when it is in force, too; other changes are then corrected by one of the same day.
         */
        delete: operations["deleteDivisionsDivisionChangesOn"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/agencies/{agency}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 机关 An agency as it is today, all its states, exemptions, and what it came from or went into */
        get: operations["getAgenciesAgency"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/agencies/{agency}/changes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 机关沿革 What happened to an agency, by day */
        get: operations["getAgenciesAgencyChanges"];
        put?: never;
        /**
         * 变更机关 Rename an agency, give it a new code or kind, or move it to another county, from a day on
         * @description 此前年度不变；与某次变更同日则更正该次；可补记在已有（或已预告）的变更之前，其后的状态随之重新推定；名录所载之始以前则拒绝（422）。移出或移入已锁定年度的县须先设例外或解锁（409）。 Years before stay as they were; a change from the day of another corrects that one; it can be recorded before others, announced or not, and what comes after follows; before the agency begins it is refused (422). A move out of or into a county whose year is locked takes an exception or an unlocking (409).
         */
        post: operations["postAgenciesAgencyChanges"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/agencies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 列出机关 List agencies by code
         * @description 给出年度则为该年 12 月 31 日的状态，否则为今日；`missing=true`（须给年度）只列应报未报的。 As on 31 December of the year, today without one; missing=true (with a year) lists those that must file and have not.
         */
        get: operations["getAgencies"];
        put?: never;
        /**
         * 新增机关 Add an agency
         * @description 代码在同一日内不得与其他机关相同（409）。 No two agencies have one code on the same day (409).
         */
        post: operations["postAgencies"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 检索名录 Search the register
         * @description 按名称、曾用名或代码的任何一部分查找机关与行政区划，最相符的在前：全同、开头相同、含有；现有的先于已撤销的，上级先于下级。可用空格分为几个词：末一个是所找的名称或代码，之前的可以是其所属的县、市、省。 Agencies and divisions by any part of a name, a former name or a code, best first: the whole, the beginning, a part; what is there before what was, higher levels before lower. Of several words the last is the name or code, those before it may name what it lies in.
         */
        get: operations["getSearch"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/agencies/{agency}/closure": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 撤销机关 Close an agency, merge it into another, or split it into several
         * @description 再次提交则取代前次；其后年度已有报告则拒绝（409）。拆分当年，分入各机关不与上年比对。 Sent again, it replaces the last one; refused (409) while a report stands for a year in which the agency would be no more. In the year of a split what takes a part is not compared with the year before.
         */
        post: operations["postAgenciesAgencyClosure"];
        /**
         * 取消撤销 Open an agency again that was closed, or is to be
         * @description 并入的记录一并取消。代码已为其他机关所用的，以 on 指明其在用之日。 What it went into is forgotten with it. Where another agency has the code since, `on` is a day on which this one had it.
         */
        delete: operations["deleteAgenciesAgencyClosure"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/agencies/{agency}/changes/{on}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** 收回预告的变更 Take back a change that was announced, before its day */
        delete: operations["deleteAgenciesAgencyChangesOn"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/agencies/{agency}/exemptions/{year}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * 免报 Exempt an agency from filing for a year
         * @description 201 新设；200 原因变更或未变。 201 new; 200 another reason, or unchanged.
         */
        put: operations["putAgenciesAgencyExemptionsYear"];
        post?: never;
        /** 取消免报 Take an exemption back */
        delete: operations["deleteAgenciesAgencyExemptionsYear"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/exports/reports.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 导出报告 Export the reports
         * @description 按机关代码、年度排列 By code of the agency and year。RFC 4180，UTF-8；空白为空，0 为零；各列见 datapackage.json。 A blank is empty and a zero 0; datapackage.json describes the columns. 同一数据只生成一次；1 MiB 以内或已生成的文件有 ETag 和长度。每人同时一个，其余排队；503：排队过久或过多。 Of the same data a file is made once; one of up to 1 MiB, or that was made already, has an ETag and a length. One caller has one made at a time, the others wait; 503 when that is too long or too many.
         */
        get: operations["getExportsReportsCsv"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/exports/rollups.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 导出汇总 Export the sums
         * @description 按行政区划代码、年度排列 By code of the division and year。RFC 4180，UTF-8；空白为空，0 为零；各列见 datapackage.json。 A blank is empty and a zero 0; datapackage.json describes the columns. 同一数据只生成一次；1 MiB 以内或已生成的文件有 ETag 和长度。每人同时一个，其余排队；503：排队过久或过多。 Of the same data a file is made once; one of up to 1 MiB, or that was made already, has an ETag and a length. One caller has one made at a time, the others wait; 503 when that is too long or too many.
         */
        get: operations["getExportsRollupsCsv"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/exports/reports.ndjson": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 导出报告 Export the reports
         * @description 按机关代码、年度排列 By code of the agency and year。每行一个对象；报告一行即一份报送，可再导入。 An object a line; a line of a report is a filing, to be imported again. 同一数据只生成一次；1 MiB 以内或已生成的文件有 ETag 和长度。每人同时一个，其余排队；503：排队过久或过多。 Of the same data a file is made once; one of up to 1 MiB, or that was made already, has an ETag and a length. One caller has one made at a time, the others wait; 503 when that is too long or too many.
         */
        get: operations["getExportsReportsNdjson"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/exports/rollups.ndjson": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 导出汇总 Export the sums
         * @description 按行政区划代码、年度排列 By code of the division and year。每行一个对象；报告一行即一份报送，可再导入。 An object a line; a line of a report is a filing, to be imported again. 同一数据只生成一次；1 MiB 以内或已生成的文件有 ETag 和长度。每人同时一个，其余排队；503：排队过久或过多。 Of the same data a file is made once; one of up to 1 MiB, or that was made already, has an ETag and a length. One caller has one made at a time, the others wait; 503 when that is too long or too many.
         */
        get: operations["getExportsRollupsNdjson"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/exports/reports.xlsx": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 导出报告 Export the reports
         * @description 按机关代码、年度排列 By code of the agency and year。数据一页，字段说明一页；至多 50000 行（shape=long 为 500000 行），超出为 400。 A sheet of data and one that describes its columns; at most 50000 rows (500000 with shape=long), 400 beyond. 同一数据只生成一次；1 MiB 以内或已生成的文件有 ETag 和长度。每人同时一个，其余排队；503：排队过久或过多。 Of the same data a file is made once; one of up to 1 MiB, or that was made already, has an ETag and a length. One caller has one made at a time, the others wait; 503 when that is too long or too many.
         */
        get: operations["getExportsReportsXlsx"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/exports/rollups.xlsx": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 导出汇总 Export the sums
         * @description 按行政区划代码、年度排列 By code of the division and year。数据一页，字段说明一页；至多 50000 行（shape=long 为 500000 行），超出为 400。 A sheet of data and one that describes its columns; at most 50000 rows (500000 with shape=long), 400 beyond. 同一数据只生成一次；1 MiB 以内或已生成的文件有 ETag 和长度。每人同时一个，其余排队；503：排队过久或过多。 Of the same data a file is made once; one of up to 1 MiB, or that was made already, has an ETag and a length. One caller has one made at a time, the others wait; 503 when that is too long or too many.
         */
        get: operations["getExportsRollupsXlsx"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/exports/reports.parquet": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 导出报告 Export the reports
         * @description 按机关代码、年度排列 By code of the agency and year。每列有类型：件数 INT64，金额 DECIMAL，日期 DATE；空白为 null；文字照原样。各列的标题与单位在文件元数据 tableschema 中。 Typed columns: counts INT64, amounts DECIMAL, days DATE; a blank is null, text as it is. The metadata has headings and units, as tableschema. 同一数据只生成一次；1 MiB 以内或已生成的文件有 ETag 和长度。每人同时一个，其余排队；503：排队过久或过多。 Of the same data a file is made once; one of up to 1 MiB, or that was made already, has an ETag and a length. One caller has one made at a time, the others wait; 503 when that is too long or too many.
         */
        get: operations["getExportsReportsParquet"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/exports/rollups.parquet": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 导出汇总 Export the sums
         * @description 按行政区划代码、年度排列 By code of the division and year。每列有类型：件数 INT64，金额 DECIMAL，日期 DATE；空白为 null；文字照原样。各列的标题与单位在文件元数据 tableschema 中。 Typed columns: counts INT64, amounts DECIMAL, days DATE; a blank is null, text as it is. The metadata has headings and units, as tableschema. 同一数据只生成一次；1 MiB 以内或已生成的文件有 ETag 和长度。每人同时一个，其余排队；503：排队过久或过多。 Of the same data a file is made once; one of up to 1 MiB, or that was made already, has an ETag and a length. One caller has one made at a time, the others wait; 503 when that is too long or too many.
         */
        get: operations["getExportsRollupsParquet"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/exports/datapackage.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 导出的列：数据包描述 The columns of the exports, as a Data Package */
        get: operations["getExportsDatapackageJson"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/statistics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 统计表 Statistics: area by year by measure, with how many reported and a status
         * @description 一张表至多 100000 个数值（区域 × 年度 × 指标），超出为 400。 A table has at most 100000 observations (areas by years by measures), 400 beyond.
         */
        get: operations["getStatistics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/statistics.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 统计表（.json） Statistics as .json: area by year by measure
         * @description 一张表至多 100000 个数值（区域 × 年度 × 指标），超出为 400。 A table has at most 100000 observations (areas by years by measures), 400 beyond.
         */
        get: operations["getStatisticsJson"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/statistics.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 统计表（.csv） Statistics as .csv: area by year by measure
         * @description 一张表至多 100000 个数值（区域 × 年度 × 指标），超出为 400。 A table has at most 100000 observations (areas by years by measures), 400 beyond.
         */
        get: operations["getStatisticsCsv"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/statistics.jsonstat": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 统计表（.jsonstat） Statistics as .jsonstat: area by year by measure
         * @description 一张表至多 100000 个数值（区域 × 年度 × 指标），超出为 400。 A table has at most 100000 observations (areas by years by measures), 400 beyond.
         */
        get: operations["getStatisticsJsonstat"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/statistics.xlsx": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 统计表（.xlsx） Statistics as .xlsx: area by year by measure
         * @description 一张表至多 100000 个数值（区域 × 年度 × 指标），超出为 400。 A table has at most 100000 observations (areas by years by measures), 400 beyond.
         */
        get: operations["getStatisticsXlsx"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/imports/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 批量报送的进度 How far an import is
         * @description 结束后保留 7 天；总量过大时，先删占用最多者的最早任务。 Kept for 7 days after its end; when too much is kept, the oldest of whoever has the most goes first.
         */
        get: operations["getImportsId"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/imports/{id}/items": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 逐份结果 What became of every item so far, in the order of the file
         * @description 下一页见 `Link: rel=next`；all 或试运行的结果在结束后才有。 The next page is in Link; with mode=all or a dry run there are none before the end.
         */
        get: operations["getImportsIdItems"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/imports/{id}/rejects.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 被拒各行及原因 What was refused, with the reasons, to be corrected and sent again
         * @description 原有各列照原样，前加 rejected. 开头的各列（行号、代码、原因），再次导入时不读这些列。 The columns as they came, after those that begin with `rejected.` (line, code, reasons), which an import passes over. 各工作表列不同时 CSV 为 406。 As CSV 406 where the sheets have different columns.
         */
        get: operations["getImportsIdRejectsCsv"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/imports/{id}/rejects.xlsx": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 被拒各行及原因 What was refused, with the reasons, to be corrected and sent again
         * @description 原有各列照原样，前加 rejected. 开头的各列（行号、代码、原因），再次导入时不读这些列。 The columns as they came, after those that begin with `rejected.` (line, code, reasons), which an import passes over. 各工作表列不同时 CSV 为 406。 As CSV 406 where the sheets have different columns.
         */
        get: operations["getImportsIdRejectsXlsx"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/imports/{id}/rejects.ndjson": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 被拒各行及原因 What was refused, with the reasons, to be corrected and sent again
         * @description 原有各列照原样，前加 rejected. 开头的各列（行号、代码、原因），再次导入时不读这些列。 The columns as they came, after those that begin with `rejected.` (line, code, reasons), which an import passes over. 各工作表列不同时 CSV 为 406。 As CSV 406 where the sheets have different columns.
         */
        get: operations["getImportsIdRejectsNdjson"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/readings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 读取文件而不保存 Read a document without storing it
         * @description 读出各格及其原文、主动公开条数、互动、六个部分，并列出疑问和核对结果。 The figures, each cell with the text it was read from, published items, engagement, the six sections, every doubt, and the findings of the checks.
         */
        post: operations["postReadings"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/register/changes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 批量变更 Change the register from CSV: every line or none
         * @description UTF-8，首行为列名；有误则逐行列出（422）。 UTF-8 with a header; every bad line is listed (422).
         *
         *     - `action`: add、change、close、exempt、unexempt、deadline，或 division-add、division-change、division-merge、division-split、division-close；add, change, close, exempt, unexempt, deadline, or division-add, division-change, division-merge, division-split, division-close
         *     - `code`: 机关代码；deadline 及 division-* 为行政区划代码；the code of the agency, or of the division for a deadline and for division-*
         *     - `on`: 日期 YYYY-MM-DD，1949-10-01 至 2099-12-31；a day, YYYY-MM-DD, 1949-10-01 to 2099-12-31
         *     - `name`: 名称，1 至 100 字；a name of 1 to 100 characters
         *     - `newCode`: 2 至 32 位字母、数字或连字符；行政区划为六位数字；2 to 32 letters, digits and hyphens; six digits of a division
         *     - `kind`: TOWNSHIP、SUBDISTRICT、DEPARTMENT、OFFICE、OTHER；one of TOWNSHIP, SUBDISTRICT, DEPARTMENT, OFFICE, OTHER
         *     - `county`: 县级行政区划的六位代码；the six digits of a county
         *     - `level`: PROVINCE、PREFECTURE、COUNTY；one of PROVINCE, PREFECTURE, COUNTY
         *     - `parent`: 上级行政区划的六位代码；the six digits of the division above
         *     - `mergedInto`: 并入的机关（或行政区划）的代码；the code of the agency (or division) it went into
         *     - `splitInto`: 分入各机关（或行政区划）的代码，两个以上，以空格分隔；the codes of two or more agencies (or divisions) that it was split into, separated by blanks
         *     - `year`: 年度 2019 至 2099；deadline 可为 every；a year from 2019 to 2099; for a deadline also "every"
         *     - `reason`: 原因，1 至 500 字；a reason of 1 to 500 characters
         *     - `for`: deadline 所指，AGENCIES、COUNTY、PREFECTURE、PROVINCE，默认 AGENCIES；whose day a deadline is, one of AGENCIES, COUNTY, PREFECTURE, PROVINCE; AGENCIES when empty
         *     - `due`: 每年都有的日子 MM-DD，或 inherit；a day that every year has, MM-DD, or "inherit"
         *     - `document`: 批准文件的文号，1 至 200 字；the number of the document that orders it, 1 to 200 characters
         *     - `precision`: DAY（默认）或 SNAPSHOT；DAY (when empty) or SNAPSHOT
         */
        post: operations["postRegisterChanges"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/register/comparison": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 与名单比较 Compare the register with a list of codes and names; nothing is changed
         * @description UTF-8 或 GB18030 的 CSV，代码、名称各一列；区划六位、乡镇九位或十二位。确定与不确定的变更分列，各附原因和变更文件的行；`Accept: text/csv` 只给出变更行。需对该区划（省略时为全国）的 register 权限。 CSV in UTF-8 or GB18030 with a column of codes (six digits of divisions, nine or twelve of townships) and one of names. What would change is told as certain and as uncertain, each with its reason and its lines of a file of changes; `Accept: text/csv` gets these lines only. It takes `register` over the division, or else over the nation.
         */
        post: operations["postRegisterComparison"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/imports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 批量报送 File many reports from one file
         * @description NDJSON（每行一份报送，可带 `ref`）；CSV（逗号、分号或制表符；UTF-8、GB18030 或 UTF-16）或 xlsx 的各可见工作表（每行一份报告：agency 或 name、year、可选 form、reason、ref，各单元格地址为列名；或每行一格：agency、year、cell、value）；报告文件的 zip（文件名 `<机关代码>-<年度>.<扩展名>`，否则按标题在所写县内查名录，不唯一则拒收并列出候选）。每个令牌同时至多 4 个任务、共 512 MiB（超出为 429）。小文件 200 直接给出逐份结果；大文件或 `Prefer: respond-async` 答 202 和进度地址，重启后继续。`mode=all` 有一份被拒则 422，全部不保存。同一文件内每个机关每年度只收一份；被拒各行及原因见 `rejects` 所列地址。 NDJSON (a filing a line, with an optional `ref`); CSV (commas, semicolons or tabs; UTF-8, GB18030 or UTF-16) or every shown sheet of an xlsx (a row a report: agency or name, year, optionally form, reason, ref, and columns named by the addresses of cells; or a row a cell: agency, year, cell, value); a zip of documents (named `<agency>-<year>.<ext>`, or else looked up by their titles within the county they name, never guessed). A token has at most 4 under way, of 512 MiB together (429 beyond). A short one is answered with 200 and every item; a long one, or `Prefer: respond-async`, with 202 and the address of its progress, and goes on after a restart; so is one with an `Idempotency-Key`, which is taken once. With `mode=all` one refused item makes it a 422 that keeps nothing. One agency and year is taken once from a file; what was refused can be had again, with the reasons, at the addresses in `rejects`.
         */
        post: operations["postImports"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description 含一份文件的表单 A form that carries one document */
        DocumentForm: {
            /**
             * Format: binary
             * @description 一份文件 One document
             */
            file: string;
        };
        /** @description 第一部分所述主动公开信息条数 Items published in the year, as section one states them */
        PublishedItemsInput: {
            /** @description 主动公开信息总数 Published items in all, null when not stated */
            total: components["schemas"]["Count"];
            /**
             * @description 按类别 By category
             * @default []
             */
            categories: components["schemas"]["PublishedGroup"][];
            /**
             * @description 按渠道 By channel
             * @default []
             */
            channels: components["schemas"]["PublishedGroup"][];
            /** @description 声明完整的清单，只有这些才核对合计 Lists said to be complete: only these must add up (P-SUM) */
            complete?: ("categories" | "channels")[];
            note?: components["schemas"]["PrintedNote"];
        };
        /**
         * @description 报送 A report to be filed
         * @example {
         *       "agency": "431281207",
         *       "year": 2021,
         *       "form": "2021",
         *       "figures": {
         *         "documents": {
         *           "regulations": {
         *             "issued": null,
         *             "repealed": 0,
         *             "inForce": 0
         *           },
         *           "normativeDocuments": {
         *             "issued": 0,
         *             "repealed": 0,
         *             "inForce": 0
         *           }
         *         },
         *         "decisions": {
         *           "licenses": {
         *             "decided": 0
         *           },
         *           "penalties": {
         *             "decided": 0
         *           },
         *           "coercion": {
         *             "decided": 0
         *           }
         *         },
         *         "fees": {
         *           "administrativeFees": {
         *             "amount": "0"
         *           }
         *         },
         *         "applications": {
         *           "newReceived": {
         *             "naturalPerson": 0,
         *             "business": 0,
         *             "research": 0,
         *             "publicInterest": 0,
         *             "legalService": 0,
         *             "otherOrganization": 0,
         *             "total": 0
         *           },
         *           "carriedIn": {
         *             "naturalPerson": 0,
         *             "business": 0,
         *             "research": 0,
         *             "publicInterest": 0,
         *             "legalService": 0,
         *             "otherOrganization": 0,
         *             "total": 0
         *           },
         *           "granted": {
         *             "naturalPerson": 0,
         *             "business": 0,
         *             "research": 0,
         *             "publicInterest": 0,
         *             "legalService": 0,
         *             "otherOrganization": 0,
         *             "total": 0
         *           },
         *           "partlyGranted": {
         *             "naturalPerson": 0,
         *             "business": 0,
         *             "research": 0,
         *             "publicInterest": 0,
         *             "legalService": 0,
         *             "otherOrganization": 0,
         *             "total": 0
         *           },
         *           "refusedStateSecret": {
         *             "naturalPerson": 0,
         *             "business": 0,
         *             "research": 0,
         *             "publicInterest": 0,
         *             "legalService": 0,
         *             "otherOrganization": 0,
         *             "total": 0
         *           },
         *           "refusedOtherLaw": {
         *             "naturalPerson": 0,
         *             "business": 0,
         *             "research": 0,
         *             "publicInterest": 0,
         *             "legalService": 0,
         *             "otherOrganization": 0,
         *             "total": 0
         *           },
         *           "refusedSecurityStability": {
         *             "naturalPerson": 0,
         *             "business": 0,
         *             "research": 0,
         *             "publicInterest": 0,
         *             "legalService": 0,
         *             "otherOrganization": 0,
         *             "total": 0
         *           },
         *           "refusedThirdParty": {
         *             "naturalPerson": 0,
         *             "business": 0,
         *             "research": 0,
         *             "publicInterest": 0,
         *             "legalService": 0,
         *             "otherOrganization": 0,
         *             "total": 0
         *           },
         *           "refusedInternalAffairs": {
         *             "naturalPerson": 0,
         *             "business": 0,
         *             "research": 0,
         *             "publicInterest": 0,
         *             "legalService": 0,
         *             "otherOrganization": 0,
         *             "total": 0
         *           },
         *           "refusedProcess": {
         *             "naturalPerson": 0,
         *             "business": 0,
         *             "research": 0,
         *             "publicInterest": 0,
         *             "legalService": 0,
         *             "otherOrganization": 0,
         *             "total": 0
         *           },
         *           "refusedEnforcementFile": {
         *             "naturalPerson": 0,
         *             "business": 0,
         *             "research": 0,
         *             "publicInterest": 0,
         *             "legalService": 0,
         *             "otherOrganization": 0,
         *             "total": 0
         *           },
         *           "refusedAdministrativeInquiry": {
         *             "naturalPerson": 0,
         *             "business": 0,
         *             "research": 0,
         *             "publicInterest": 0,
         *             "legalService": 0,
         *             "otherOrganization": 0,
         *             "total": 0
         *           },
         *           "unavailableNotHeld": {
         *             "naturalPerson": 0,
         *             "business": 0,
         *             "research": 0,
         *             "publicInterest": 0,
         *             "legalService": 0,
         *             "otherOrganization": 0,
         *             "total": 0
         *           },
         *           "unavailableNeedsCreation": {
         *             "naturalPerson": 0,
         *             "business": 0,
         *             "research": 0,
         *             "publicInterest": 0,
         *             "legalService": 0,
         *             "otherOrganization": 0,
         *             "total": 0
         *           },
         *           "unavailableStillUnclear": {
         *             "naturalPerson": 0,
         *             "business": 0,
         *             "research": 0,
         *             "publicInterest": 0,
         *             "legalService": 0,
         *             "otherOrganization": 0,
         *             "total": 0
         *           },
         *           "notProcessedPetition": {
         *             "naturalPerson": 0,
         *             "business": 0,
         *             "research": 0,
         *             "publicInterest": 0,
         *             "legalService": 0,
         *             "otherOrganization": 0,
         *             "total": 0
         *           },
         *           "notProcessedDuplicate": {
         *             "naturalPerson": 0,
         *             "business": 0,
         *             "research": 0,
         *             "publicInterest": 0,
         *             "legalService": 0,
         *             "otherOrganization": 0,
         *             "total": 0
         *           },
         *           "notProcessedPublication": {
         *             "naturalPerson": 0,
         *             "business": 0,
         *             "research": 0,
         *             "publicInterest": 0,
         *             "legalService": 0,
         *             "otherOrganization": 0,
         *             "total": 0
         *           },
         *           "notProcessedExcessive": {
         *             "naturalPerson": 0,
         *             "business": 0,
         *             "research": 0,
         *             "publicInterest": 0,
         *             "legalService": 0,
         *             "otherOrganization": 0,
         *             "total": 0
         *           },
         *           "notProcessedReconfirm": {
         *             "naturalPerson": 0,
         *             "business": 0,
         *             "research": 0,
         *             "publicInterest": 0,
         *             "legalService": 0,
         *             "otherOrganization": 0,
         *             "total": 0
         *           },
         *           "otherNotCorrected": {
         *             "naturalPerson": 0,
         *             "business": 0,
         *             "research": 0,
         *             "publicInterest": 0,
         *             "legalService": 0,
         *             "otherOrganization": 0,
         *             "total": 0
         *           },
         *           "otherFeeUnpaid": {
         *             "naturalPerson": 0,
         *             "business": 0,
         *             "research": 0,
         *             "publicInterest": 0,
         *             "legalService": 0,
         *             "otherOrganization": 0,
         *             "total": 0
         *           },
         *           "otherMisc": {
         *             "naturalPerson": 0,
         *             "business": 0,
         *             "research": 0,
         *             "publicInterest": 0,
         *             "legalService": 0,
         *             "otherOrganization": 0,
         *             "total": 0
         *           },
         *           "processed": {
         *             "naturalPerson": 0,
         *             "business": 0,
         *             "research": 0,
         *             "publicInterest": 0,
         *             "legalService": 0,
         *             "otherOrganization": 0,
         *             "total": 0
         *           },
         *           "carriedOut": {
         *             "naturalPerson": 0,
         *             "business": 0,
         *             "research": 0,
         *             "publicInterest": 0,
         *             "legalService": 0,
         *             "otherOrganization": 0,
         *             "total": 0
         *           }
         *         },
         *         "appeals": {
         *           "reconsideration": {
         *             "upheld": 0,
         *             "corrected": 0,
         *             "otherOutcome": 0,
         *             "pending": 0,
         *             "total": 0
         *           },
         *           "directLitigation": {
         *             "upheld": 0,
         *             "corrected": 0,
         *             "otherOutcome": 0,
         *             "pending": 0,
         *             "total": 0
         *           },
         *           "litigationAfterReconsideration": {
         *             "upheld": 0,
         *             "corrected": 0,
         *             "otherOutcome": 0,
         *             "pending": 0,
         *             "total": 0
         *           }
         *         }
         *       },
         *       "publishedItems": {
         *         "total": 16,
         *         "categories": [
         *           {
         *             "name": "乡动态",
         *             "count": 8
         *           }
         *         ],
         *         "channels": []
         *       },
         *       "engagement": [
         *         {
         *           "name": "市长热线",
         *           "handled": 9,
         *           "replyRate": 1
         *         }
         *       ]
         *     }
         */
        Filing: {
            /** @description 机关代码：乡镇九位或十二位数字，县六位，或其他代码。数字以国家统计局代码为准，民政部代码前加 MCA- Code in the register: nine or twelve digits of a township, six of a county, or another code. Digits are the statistics bureau's; the ministry's stand after MCA- */
            agency: string;
            /** @description 报告年度，2019 至今年 Report year, 2019 to the current one */
            year: number;
            figures: components["schemas"]["Figures"];
            /**
             * @description 格式；省略时为该年度施行的格式 The form; left out, the one in force for the year
             * @enum {string}
             */
            form?: "2019" | "2021" | "mixed";
            publishedItems?: components["schemas"]["PublishedItemsInput"] | null;
            engagement?: components["schemas"]["Engagement"] | null;
            narrative?: components["schemas"]["Narrative"] | null;
            source?: components["schemas"]["Source"] | null;
            /** @description 导出时附带的机关名称、行政区划、状态等，不作为报送内容 What an export says of the report: names, divisions, state. Not read */
            about?: {
                [key: string]: unknown;
            };
            /** @description 修订原因，修订时必填 Why this revision replaces the last; required on a revision */
            reason?: string;
        };
        /** @description 报送或修订 A report to be filed or revised */
        FilingAt: {
            /** @description 机关代码：乡镇九位或十二位数字，县六位，或其他代码。数字以国家统计局代码为准，民政部代码前加 MCA- Code in the register: nine or twelve digits of a township, six of a county, or another code. Digits are the statistics bureau's; the ministry's stand after MCA- */
            agency?: string;
            /** @description 报告年度，2019 至今年 Report year, 2019 to the current one */
            year?: number;
            figures: components["schemas"]["Figures"];
            /**
             * @description 格式；省略时为该年度施行的格式 The form; left out, the one in force for the year
             * @enum {string}
             */
            form?: "2019" | "2021" | "mixed";
            publishedItems?: components["schemas"]["PublishedItemsInput"] | null;
            engagement?: components["schemas"]["Engagement"] | null;
            narrative?: components["schemas"]["Narrative"] | null;
            source?: components["schemas"]["Source"] | null;
            /** @description 导出时附带的机关名称、行政区划、状态等，不作为报送内容 What an export says of the report: names, divisions, state. Not read */
            about?: {
                [key: string]: unknown;
            };
            /** @description 修订原因，修订时必填 Why this revision replaces the last; required on a revision */
            reason?: string;
        };
        /** @description 数量，空白为 null A count; null is a blank */
        Count: number | null;
        /** @description 占比，0 至 1 A share, 0 to 1 */
        Share: number | null;
        /** @description 原文 The words as printed */
        PrintedNote: string | null;
        /** @description 主动公开信息的一类 One category or channel of published items */
        PublishedGroup: {
            /** @description 类别或渠道名称 Name of the category or channel, as the report prints it */
            name: string;
            /** @description 条数；没有确切数字时为 null Items, null when no exact number is stated */
            count: components["schemas"]["Count"];
            /** @description 所述占比（0 至 1） Share of the total as stated, 0 to 1 */
            share?: components["schemas"]["Share"];
            /** @description 原文，如“260余条” The words as printed */
            note?: components["schemas"]["PrintedNote"];
        };
        /** @description 第一部分所述主动公开信息条数 Items published in the year, as section one states them */
        PublishedItems: {
            /** @description 主动公开信息总数 Published items in all, null when not stated */
            total: components["schemas"]["Count"];
            /**
             * @description 按类别 By category
             * @default []
             */
            categories: components["schemas"]["PublishedGroup"][];
            /**
             * @description 按渠道 By channel
             * @default []
             */
            channels: components["schemas"]["PublishedGroup"][];
            /** @description 声明完整的清单，只有这些才核对合计 Lists said to be complete: only these must add up (P-SUM) */
            complete?: ("categories" | "channels")[];
            note?: components["schemas"]["PrintedNote"];
        };
        /** @description 一个渠道的办理情况 What one channel handled */
        EngagementChannel: {
            /** @description 渠道，如市长信箱 Channel */
            name: string;
            /** @description 办理件数 Handled in the year */
            handled: components["schemas"]["Count"];
            /** @description 回复率（0 至 1） Share answered, 0 to 1 */
            replyRate?: components["schemas"]["Share"];
            note?: components["schemas"]["PrintedNote"];
        };
        /** @description 信箱、热线等办理情况 Letters, calls and questions handled */
        Engagement: components["schemas"]["EngagementChannel"][];
        /** @description 六个部分的文字 The text of the six sections */
        Narrative: {
            /** @description 总体情况 Overview */
            overview?: string | null;
            /** @description 主动公开政府信息情况 Proactive disclosure */
            proactiveDisclosure?: string | null;
            /** @description 收到和处理政府信息公开申请情况 Applications */
            applications?: string | null;
            /** @description 政府信息公开行政复议、行政诉讼情况 Reconsideration and litigation */
            appeals?: string | null;
            /** @description 存在的主要问题及改进情况 Problems and improvements */
            problems?: string | null;
            /** @description 其他需要报告的事项 Other matters to report */
            otherMatters?: string | null;
        };
        /** @description 公布信息 Where and when the report was published */
        Source: {
            /** @description 公布网址（不会被访问） Where it was published; never fetched */
            url?: string | null;
            /**
             * Format: date
             * @description 公布日期 Day of publication, YYYY-MM-DD
             */
            publishedOn?: string | null;
        };
        /** @description 增减数量，空白为 null An increase or decrease; null is a blank */
        SignedCount: number | null;
        /** @description 金额（万元），空白为 null An amount as a decimal string; null is a blank */
        AmountInTenThousandYuan: string | number | null;
        /** @description 金额（元），空白为 null An amount as a decimal string; null is a blank */
        AmountInYuan: string | number | null;
        /** @description 规章和行政规范性文件的一行 A row of: Regulations and normative documents */
        DocumentsRow: {
            /** @description 本年制发件数（件） Issued this year */
            issued: components["schemas"]["Count"];
            /** @description 本年废止件数（件） Repealed this year */
            repealed: components["schemas"]["Count"];
            /** @description 现行有效件数（件） In force */
            inForce: components["schemas"]["Count"];
        };
        /** @description 规章和行政规范性文件 Regulations and normative documents */
        DocumentsTable: {
            /** @description 规章 Regulations */
            regulations: components["schemas"]["DocumentsRow"];
            /** @description 行政规范性文件 Normative documents */
            normativeDocuments: components["schemas"]["DocumentsRow"];
        };
        /** @description 行政处理决定的一行 A row of: Administrative decisions */
        DecisionsRow: {
            /** @description 本年处理决定数量（件） Decided this year */
            decided: components["schemas"]["Count"];
        };
        /** @description 行政处理决定 Administrative decisions */
        DecisionsTable: {
            /** @description 行政许可 Licences */
            licenses: components["schemas"]["DecisionsRow"];
            /** @description 行政处罚 Penalties */
            penalties: components["schemas"]["DecisionsRow"];
            /** @description 行政强制 Coercive measures */
            coercion: components["schemas"]["DecisionsRow"];
        };
        /** @description 行政事业性收费的一行 A row of: Administrative fees */
        FeesRow: {
            /** @description 本年收费金额（单位：万元）（万元） Charged this year (in 10,000 yuan) */
            amount: components["schemas"]["AmountInTenThousandYuan"];
        };
        /** @description 行政事业性收费 Administrative fees */
        FeesTable: {
            /** @description 行政事业性收费 Administrative fees */
            administrativeFees: components["schemas"]["FeesRow"];
        };
        /** @description 收到和处理政府信息公开申请情况的一行 A row of: Applications received and processed */
        ApplicationsRow: {
            /** @description 自然人（件） Natural persons */
            naturalPerson: components["schemas"]["Count"];
            /** @description 法人或其他组织·商业企业（件） Legal persons and other organizations · Businesses */
            business: components["schemas"]["Count"];
            /** @description 法人或其他组织·科研机构（件） Legal persons and other organizations · Research institutions */
            research: components["schemas"]["Count"];
            /** @description 法人或其他组织·社会公益组织（件） Legal persons and other organizations · Public-interest organizations */
            publicInterest: components["schemas"]["Count"];
            /** @description 法人或其他组织·法律服务机构（件） Legal persons and other organizations · Legal-service institutions */
            legalService: components["schemas"]["Count"];
            /** @description 法人或其他组织·其他（件） Legal persons and other organizations · Other organizations */
            otherOrganization: components["schemas"]["Count"];
            /** @description 总计（件） Total */
            total: components["schemas"]["Count"];
        };
        /** @description 收到和处理政府信息公开申请情况 Applications received and processed */
        ApplicationsTable: {
            /** @description 一、本年新收政府信息公开申请数量 1. Applications newly received this year */
            newReceived: components["schemas"]["ApplicationsRow"];
            /** @description 二、上年结转政府信息公开申请数量 2. Applications carried in from last year */
            carriedIn: components["schemas"]["ApplicationsRow"];
            /** @description 三、本年度办理结果·（一）予以公开 3. Outcomes this year · (1) Granted */
            granted: components["schemas"]["ApplicationsRow"];
            /** @description 三、本年度办理结果·（二）部分公开（区分处理的，只计这一情形，不计其他情形） 3. Outcomes this year · (2) Partly granted (counted here only) */
            partlyGranted: components["schemas"]["ApplicationsRow"];
            /** @description 三、本年度办理结果·（三）不予公开·1.属于国家秘密 3. Outcomes this year · (3) Refused · 1. State secret */
            refusedStateSecret: components["schemas"]["ApplicationsRow"];
            /** @description 三、本年度办理结果·（三）不予公开·2.其他法律行政法规禁止公开 3. Outcomes this year · (3) Refused · 2. Disclosure forbidden by another law or regulation */
            refusedOtherLaw: components["schemas"]["ApplicationsRow"];
            /** @description 三、本年度办理结果·（三）不予公开·3.危及“三安全一稳定” 3. Outcomes this year · (3) Refused · 3. Endangers the three securities and stability */
            refusedSecurityStability: components["schemas"]["ApplicationsRow"];
            /** @description 三、本年度办理结果·（三）不予公开·4.保护第三方合法权益 3. Outcomes this year · (3) Refused · 4. Protects the lawful interests of a third party */
            refusedThirdParty: components["schemas"]["ApplicationsRow"];
            /** @description 三、本年度办理结果·（三）不予公开·5.属于三类内部事务信息 3. Outcomes this year · (3) Refused · 5. One of the three kinds of internal affairs */
            refusedInternalAffairs: components["schemas"]["ApplicationsRow"];
            /** @description 三、本年度办理结果·（三）不予公开·6.属于四类过程性信息 3. Outcomes this year · (3) Refused · 6. One of the four kinds of process information */
            refusedProcess: components["schemas"]["ApplicationsRow"];
            /** @description 三、本年度办理结果·（三）不予公开·7.属于行政执法案卷 3. Outcomes this year · (3) Refused · 7. Administrative enforcement file */
            refusedEnforcementFile: components["schemas"]["ApplicationsRow"];
            /** @description 三、本年度办理结果·（三）不予公开·8.属于行政查询事项 3. Outcomes this year · (3) Refused · 8. Matter for an administrative inquiry */
            refusedAdministrativeInquiry: components["schemas"]["ApplicationsRow"];
            /** @description 三、本年度办理结果·（四）无法提供·1.本机关不掌握相关政府信息 3. Outcomes this year · (4) Unavailable · 1. Not held by this agency */
            unavailableNotHeld: components["schemas"]["ApplicationsRow"];
            /** @description 三、本年度办理结果·（四）无法提供·2.没有现成信息需要另行制作 3. Outcomes this year · (4) Unavailable · 2. Not at hand, would have to be created */
            unavailableNeedsCreation: components["schemas"]["ApplicationsRow"];
            /** @description 三、本年度办理结果·（四）无法提供·3.补正后申请内容仍不明确 3. Outcomes this year · (4) Unavailable · 3. Still unclear after correction */
            unavailableStillUnclear: components["schemas"]["ApplicationsRow"];
            /** @description 三、本年度办理结果·（五）不予处理·1.信访举报投诉类申请 3. Outcomes this year · (5) Not processed · 1. Petition, report or complaint */
            notProcessedPetition: components["schemas"]["ApplicationsRow"];
            /** @description 三、本年度办理结果·（五）不予处理·2.重复申请 3. Outcomes this year · (5) Not processed · 2. Duplicate application */
            notProcessedDuplicate: components["schemas"]["ApplicationsRow"];
            /** @description 三、本年度办理结果·（五）不予处理·3.要求提供公开出版物 3. Outcomes this year · (5) Not processed · 3. Asks for a published work */
            notProcessedPublication: components["schemas"]["ApplicationsRow"];
            /** @description 三、本年度办理结果·（五）不予处理·4.无正当理由大量反复申请 3. Outcomes this year · (5) Not processed · 4. Excessive repeated applications without good reason */
            notProcessedExcessive: components["schemas"]["ApplicationsRow"];
            /** @description 三、本年度办理结果·（五）不予处理·5.要求行政机关确认或重新出具已获取信息 3. Outcomes this year · (5) Not processed · 5. Asks to confirm or reissue information already obtained */
            notProcessedReconfirm: components["schemas"]["ApplicationsRow"];
            /** @description 三、本年度办理结果·（六）其他处理·1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请 3. Outcomes this year · (6) Otherwise handled · 1. Not corrected in time without good reason, no longer processed */
            otherNotCorrected: components["schemas"]["ApplicationsRow"];
            /** @description 三、本年度办理结果·（六）其他处理·2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请 3. Outcomes this year · (6) Otherwise handled · 2. Fee not paid in time, no longer processed */
            otherFeeUnpaid: components["schemas"]["ApplicationsRow"];
            /** @description 三、本年度办理结果·（六）其他处理·3.其他 3. Outcomes this year · (6) Otherwise handled · 3. Other */
            otherMisc: components["schemas"]["ApplicationsRow"];
            /** @description 三、本年度办理结果·（七）总计 3. Outcomes this year · (7) Total processed */
            processed: components["schemas"]["ApplicationsRow"];
            /** @description 四、结转下年度继续办理 4. Carried out to next year */
            carriedOut: components["schemas"]["ApplicationsRow"];
        };
        /** @description 政府信息公开行政复议、行政诉讼情况的一行 A row of: Administrative reconsideration and litigation */
        AppealsRow: {
            /** @description 结果维持（件） Upheld */
            upheld: components["schemas"]["Count"];
            /** @description 结果纠正（件） Corrected */
            corrected: components["schemas"]["Count"];
            /** @description 其他结果（件） Other outcome */
            otherOutcome: components["schemas"]["Count"];
            /** @description 尚未审结（件） Pending */
            pending: components["schemas"]["Count"];
            /** @description 总计（件） Total */
            total: components["schemas"]["Count"];
        };
        /** @description 政府信息公开行政复议、行政诉讼情况 Administrative reconsideration and litigation */
        AppealsTable: {
            /** @description 行政复议 Administrative reconsideration */
            reconsideration: components["schemas"]["AppealsRow"];
            /** @description 行政诉讼·未经复议直接起诉 Administrative litigation · Litigation without prior reconsideration */
            directLitigation: components["schemas"]["AppealsRow"];
            /** @description 行政诉讼·复议后起诉 Administrative litigation · Litigation after reconsideration */
            litigationAfterReconsideration: components["schemas"]["AppealsRow"];
        };
        /** @description 2021年版格式 2021 form */
        "Figures-2021": {
            documents: components["schemas"]["DocumentsTable"];
            decisions: components["schemas"]["DecisionsTable"];
            fees: components["schemas"]["FeesTable"];
            applications: components["schemas"]["ApplicationsTable"];
            appeals: components["schemas"]["AppealsTable"];
        };
        /** @description 规章和规范性文件的一行 A row of: Regulations and normative documents */
        "DocumentsRow-2019": {
            /** @description 本年新制作数量（件） Made this year */
            made: components["schemas"]["Count"];
            /** @description 本年新公开数量（件） Published this year */
            published: components["schemas"]["Count"];
            /** @description 对外公开总数量（件） Published in all */
            publishedTotal: components["schemas"]["Count"];
        };
        /** @description 规章和规范性文件 Regulations and normative documents */
        "DocumentsTable-2019": {
            /** @description 规章 Regulations */
            regulations: components["schemas"]["DocumentsRow-2019"];
            /** @description 规范性文件 Normative documents */
            normativeDocuments: components["schemas"]["DocumentsRow-2019"];
        };
        /** @description 行政许可、处罚、强制和其他对外管理服务的一行 A row of: Licences, penalties, coercion and other services */
        "DecisionsRow-2019": {
            /** @description 上一年项目数量（项） Items last year */
            previousItems: components["schemas"]["Count"];
            /** @description 本年增/减（项） Change this year */
            change: components["schemas"]["SignedCount"];
            /** @description 处理决定数量（件） Decided this year */
            decided: components["schemas"]["Count"];
        };
        /** @description 行政许可、处罚、强制和其他对外管理服务 Licences, penalties, coercion and other services */
        "DecisionsTable-2019": {
            /** @description 行政许可 Licences */
            licenses: components["schemas"]["DecisionsRow-2019"];
            /** @description 其他对外管理服务事项 Other public administration services */
            otherServices: components["schemas"]["DecisionsRow-2019"];
            /** @description 行政处罚 Penalties */
            penalties: components["schemas"]["DecisionsRow-2019"];
            /** @description 行政强制 Coercive measures */
            coercion: components["schemas"]["DecisionsRow-2019"];
        };
        /** @description 行政事业性收费的一行 A row of: Administrative fees */
        "FeesRow-2019": {
            /** @description 上一年项目数量（项） Items last year */
            previousItems: components["schemas"]["Count"];
            /** @description 本年增/减（项） Change this year */
            change: components["schemas"]["SignedCount"];
        };
        /** @description 行政事业性收费 Administrative fees */
        "FeesTable-2019": {
            /** @description 行政事业性收费 Administrative fees */
            administrativeFees: components["schemas"]["FeesRow-2019"];
        };
        /** @description 政府集中采购的一行 A row of: Government procurement */
        ProcurementRow: {
            /** @description 采购项目数量（个） Procurement projects */
            projects: components["schemas"]["Count"];
            /** @description 采购总金额（元） Procurement total (yuan) */
            amount: components["schemas"]["AmountInYuan"];
        };
        /** @description 政府集中采购 Government procurement */
        ProcurementTable: {
            /** @description 政府集中采购 Central government procurement */
            centralProcurement: components["schemas"]["ProcurementRow"];
        };
        /** @description 收到和处理政府信息公开申请情况 Applications received and processed */
        "ApplicationsTable-2019": {
            /** @description 一、本年新收政府信息公开申请数量 1. Applications newly received this year */
            newReceived: components["schemas"]["ApplicationsRow"];
            /** @description 二、上年结转政府信息公开申请数量 2. Applications carried in from last year */
            carriedIn: components["schemas"]["ApplicationsRow"];
            /** @description 三、本年度办理结果·（一）予以公开 3. Outcomes this year · (1) Granted */
            granted: components["schemas"]["ApplicationsRow"];
            /** @description 三、本年度办理结果·（二）部分公开（区分处理的，只计这一情形，不计其他情形） 3. Outcomes this year · (2) Partly granted (counted here only) */
            partlyGranted: components["schemas"]["ApplicationsRow"];
            /** @description 三、本年度办理结果·（三）不予公开·1.属于国家秘密 3. Outcomes this year · (3) Refused · 1. State secret */
            refusedStateSecret: components["schemas"]["ApplicationsRow"];
            /** @description 三、本年度办理结果·（三）不予公开·2.其他法律行政法规禁止公开 3. Outcomes this year · (3) Refused · 2. Disclosure forbidden by another law or regulation */
            refusedOtherLaw: components["schemas"]["ApplicationsRow"];
            /** @description 三、本年度办理结果·（三）不予公开·3.危及“三安全一稳定” 3. Outcomes this year · (3) Refused · 3. Endangers the three securities and stability */
            refusedSecurityStability: components["schemas"]["ApplicationsRow"];
            /** @description 三、本年度办理结果·（三）不予公开·4.保护第三方合法权益 3. Outcomes this year · (3) Refused · 4. Protects the lawful interests of a third party */
            refusedThirdParty: components["schemas"]["ApplicationsRow"];
            /** @description 三、本年度办理结果·（三）不予公开·5.属于三类内部事务信息 3. Outcomes this year · (3) Refused · 5. One of the three kinds of internal affairs */
            refusedInternalAffairs: components["schemas"]["ApplicationsRow"];
            /** @description 三、本年度办理结果·（三）不予公开·6.属于四类过程性信息 3. Outcomes this year · (3) Refused · 6. One of the four kinds of process information */
            refusedProcess: components["schemas"]["ApplicationsRow"];
            /** @description 三、本年度办理结果·（三）不予公开·7.属于行政执法案卷 3. Outcomes this year · (3) Refused · 7. Administrative enforcement file */
            refusedEnforcementFile: components["schemas"]["ApplicationsRow"];
            /** @description 三、本年度办理结果·（三）不予公开·8.属于行政查询事项 3. Outcomes this year · (3) Refused · 8. Matter for an administrative inquiry */
            refusedAdministrativeInquiry: components["schemas"]["ApplicationsRow"];
            /** @description 三、本年度办理结果·（四）无法提供·1.本机关不掌握相关政府信息 3. Outcomes this year · (4) Unavailable · 1. Not held by this agency */
            unavailableNotHeld: components["schemas"]["ApplicationsRow"];
            /** @description 三、本年度办理结果·（四）无法提供·2.没有现成信息需要另行制作 3. Outcomes this year · (4) Unavailable · 2. Not at hand, would have to be created */
            unavailableNeedsCreation: components["schemas"]["ApplicationsRow"];
            /** @description 三、本年度办理结果·（四）无法提供·3.补正后申请内容仍不明确 3. Outcomes this year · (4) Unavailable · 3. Still unclear after correction */
            unavailableStillUnclear: components["schemas"]["ApplicationsRow"];
            /** @description 三、本年度办理结果·（五）不予处理·1.信访举报投诉类申请 3. Outcomes this year · (5) Not processed · 1. Petition, report or complaint */
            notProcessedPetition: components["schemas"]["ApplicationsRow"];
            /** @description 三、本年度办理结果·（五）不予处理·2.重复申请 3. Outcomes this year · (5) Not processed · 2. Duplicate application */
            notProcessedDuplicate: components["schemas"]["ApplicationsRow"];
            /** @description 三、本年度办理结果·（五）不予处理·3.要求提供公开出版物 3. Outcomes this year · (5) Not processed · 3. Asks for a published work */
            notProcessedPublication: components["schemas"]["ApplicationsRow"];
            /** @description 三、本年度办理结果·（五）不予处理·4.无正当理由大量反复申请 3. Outcomes this year · (5) Not processed · 4. Excessive repeated applications without good reason */
            notProcessedExcessive: components["schemas"]["ApplicationsRow"];
            /** @description 三、本年度办理结果·（五）不予处理·5.要求行政机关确认或重新出具已获取信息 3. Outcomes this year · (5) Not processed · 5. Asks to confirm or reissue information already obtained */
            notProcessedReconfirm: components["schemas"]["ApplicationsRow"];
            /** @description 三、本年度办理结果·（六）其他处理 3. Outcomes this year · (6) Otherwise handled */
            otherHandled: components["schemas"]["ApplicationsRow"];
            /** @description 三、本年度办理结果·（七）总计 3. Outcomes this year · (7) Total processed */
            processed: components["schemas"]["ApplicationsRow"];
            /** @description 四、结转下年度继续办理 4. Carried out to next year */
            carriedOut: components["schemas"]["ApplicationsRow"];
        };
        /** @description 2019年版格式 2019 form */
        "Figures-2019": {
            documents: components["schemas"]["DocumentsTable-2019"];
            decisions: components["schemas"]["DecisionsTable-2019"];
            fees: components["schemas"]["FeesTable-2019"];
            procurement: components["schemas"]["ProcurementTable"];
            applications: components["schemas"]["ApplicationsTable-2019"];
            appeals: components["schemas"]["AppealsTable"];
        };
        /** @description 新旧混用格式 Mixed form */
        "Figures-mixed": {
            documents: components["schemas"]["DocumentsTable"];
            decisions: components["schemas"]["DecisionsTable"];
            fees: components["schemas"]["FeesTable"];
            applications: components["schemas"]["ApplicationsTable-2019"];
            appeals: components["schemas"]["AppealsTable"];
        };
        /** @description 表格数字，依格式而定 The figures, as the form prints them; every cell is there, null is a blank */
        Figures: components["schemas"]["Figures-2021"] | components["schemas"]["Figures-2019"] | components["schemas"]["Figures-mixed"];
        /** @description 中英文标签 Label in both languages */
        Label: {
            zh: string;
            en: string;
        };
        /**
         * Format: date-time
         * @description 时刻（UTC） An instant, UTC
         */
        Instant: string;
        /** @description 整数 A whole number */
        Integer: number;
        /** @description 代码与名称 A code with its name */
        CodeAndName: {
            code: string;
            name: string;
        };
        /** @description 行政区划 A division by its code, with its name and level */
        DivisionNamed: {
            code: string;
            name: string;
            level: string;
        };
        /** @description 数字；金额为文本 A number, or an amount as text; a blank is null */
        PrintedFigure: number | string | null;
        /** @description 按表、行、列嵌套的数字，空白为 null Figures by table, row, column; a blank is null */
        NestedFigures: {
            [key: string]: {
                [key: string]: {
                    [key: string]: components["schemas"]["PrintedFigure"];
                };
            };
        };
        /** @description 一处问题 One fault, with its pointer, cells, both sides and a sentence */
        Fault: {
            /** @description 规则或错误代码 Code of the rule or fault */
            code: string;
            /** @enum {string} */
            severity: "error" | "warning" | "info";
            /** @description 在请求体中的位置（RFC 6901） RFC 6901 JSON pointer into the body */
            pointer: string;
            /** @description 行号，仅在 CSV 中 Line, only of a CSV */
            line?: number;
            /** @description 涉及的单元格 Every cell that takes part */
            cells?: string[];
            left?: number | null;
            right?: number | null;
            difference?: number | null;
            /**
             * @description 仅在核对结果中 Only of an equation
             * @enum {string}
             */
            outcome?: "broken" | "undecided";
            label?: components["schemas"]["Label"];
            message: components["schemas"]["Label"];
        };
        /** @description 失败 A failure as RFC 9457 problem details */
        Problem: {
            /** @enum {string} */
            type: "/problems/malformed-body" | "/problems/malformed-request" | "/problems/invalid-parameter" | "/problems/unauthorized" | "/problems/forbidden" | "/problems/not-found" | "/problems/unknown-agency" | "/problems/unknown-division" | "/problems/method-not-allowed" | "/problems/not-acceptable" | "/problems/request-timeout" | "/problems/already-filed" | "/problems/conflict" | "/problems/year-locked" | "/problems/request-in-flight" | "/problems/too-many-subscriptions" | "/problems/changes-lost" | "/problems/stale-revision" | "/problems/body-too-large" | "/problems/unsupported-media-type" | "/problems/invalid-report" | "/problems/invalid-document" | "/problems/ambiguous-agency" | "/problems/unbalanced-report" | "/problems/agency-closed" | "/problems/invalid-change" | "/problems/repeated-in-file" | "/problems/address-refused" | "/problems/not-kept" | "/problems/key-reused" | "/problems/invalid-review" | "/problems/revision-required" | "/problems/query-too-large" | "/problems/persisted-query-not-found" | "/problems/persisted-query-not-supported" | "/problems/too-many-requests" | "/problems/headers-too-large" | "/problems/internal" | "/problems/busy" | "/problems/storage-unavailable" | "/problems/damaged-upload" | "/problems/storage-full" | "/problems/overloaded";
            title: string;
            status: components["schemas"]["Integer"];
            detail: string;
            errors?: components["schemas"]["Fault"][];
        } & {
            [key: string]: unknown;
        };
        /** @description 一项权限 A scope, over a division or one agency */
        Grant: {
            /**
             * @description read 读取未公开的、file 报送、review 审核与锁定、register 名录、admin 令牌与以上全部 read: what is not public; file; review, and lock years; register; admin: tokens and all of these
             * @enum {string}
             */
            scope: "read" | "file" | "review" | "register" | "admin";
            division: string | null;
            agency: string | null;
            name: string;
        };
        /** @description 令牌 A token, without its text */
        Token: {
            id: components["schemas"]["Integer"];
            /** @description 令牌中可见的部分 The part of the token that may be seen */
            key: string;
            name: string;
            grants: components["schemas"]["Grant"][];
            createdBy: string;
            createdAt: components["schemas"]["Instant"];
            expiresAt: components["schemas"]["Instant"] | null;
            revokedAt: components["schemas"]["Instant"] | null;
        };
        /** @description 令牌及其全文 A token with its text */
        NewToken: {
            id: components["schemas"]["Integer"];
            /** @description 令牌中可见的部分 The part of the token that may be seen */
            key: string;
            name: string;
            grants: components["schemas"]["Grant"][];
            createdBy: string;
            createdAt: components["schemas"]["Instant"];
            expiresAt: components["schemas"]["Instant"] | null;
            revokedAt: components["schemas"]["Instant"] | null;
            /** @description 令牌全文，仅此一次 The token itself; it is never shown again */
            token: string;
        };
        /** @description 日志的一条 An entry of the audit log */
        AuditEntry: {
            /** @description 序号，从 1 起，不间断 From 1, without gaps */
            number: components["schemas"]["Integer"];
            at: components["schemas"]["Instant"];
            actor: string;
            /** @description 请求来源地址 Where the request came from; null for the command line */
            address: string | null;
            requestId: string | null;
            /** @description 所做的事，如 report.file、register.change、token.create What was done */
            action: string;
            /** @description 对象的路径 Path of what it was done to */
            subject: string;
            division: components["schemas"]["CodeAndName"] | null;
            before: unknown;
            after: unknown;
            /**
             * @description 摘要算法 What the hash was made with
             * @enum {string}
             */
            digest: "sha256" | "sm3";
            /** @description 本条与前一条摘要的摘要；不审核全国的为 null Over the entry and the hash of the one before; null for who does not review the nation */
            hash: string | null;
        };
        /** @description 批准文件的文号，null 为撤去；未给出的，同一日已载明的不变 Number of the document that orders it; null takes it back; left out, what was said of the same day before stays */
        StatedDocument: string | null;
        /** @description 行政区划 A division */
        DivisionEntry: {
            code: string;
            name: string;
            /**
             * @description 行政区划级别 Level of division
             * @enum {string}
             */
            level: "NATION" | "PROVINCE" | "PREFECTURE" | "COUNTY";
            /** @description 上级代码，全国为 null Code of the division above, null for the nation */
            parent: string | null;
        };
        /**
         * @description 日期的确切程度：DAY 为变更之日，SNAPSHOT 为首次见于代码表之日 How sure a day is: that of the change (DAY), or of the list of codes that first shows it (SNAPSHOT)
         * @enum {string}
         */
        Precision: "DAY" | "SNAPSHOT";
        /** @description 设立 How it came to be */
        Beginning: {
            /** @description 日期 A day, YYYY-MM-DD */
            on: string;
            precision: components["schemas"]["Precision"];
            /** @description 依据的文号，未知为 null Number of the document that orders it, null where unknown */
            document: string | null;
            /**
             * @description 由来：首份代码表已有、由其他单位而来、未知 In the first list of codes, from others, or from nobody who is known
             * @enum {string}
             */
            origin: "FIRST_LISTED" | "PREDECESSORS" | "UNKNOWN";
        };
        /** @description 撤销 How it ended */
        Ending: {
            /** @description 日期 A day, YYYY-MM-DD */
            on: string;
            precision: components["schemas"]["Precision"];
            /** @description 依据的文号，未知为 null Number of the document that orders it, null where unknown */
            document: string | null;
            /**
             * @description 去向：并入或分入其他单位、未知 Into others, or into nobody who is known
             * @enum {string}
             */
            outcome: "SUCCESSORS" | "UNKNOWN";
        };
        /** @description 行政区划在一段时间内的状态 A division over a span of days */
        DivisionSpan: {
            code: string;
            name: string;
            parent: components["schemas"]["CodeAndName"] | null;
            /** @description 日期 A day, YYYY-MM-DD */
            validFrom: string;
            /** @description 不再如此的第一日，至今则为 null The first day on which it no longer holds */
            validTo: string | null;
            precision: components["schemas"]["Precision"];
            /** @description 依据的文号，未知为 null Number of the document that orders it, null where unknown */
            document: string | null;
        };
        /** @description 上级行政区划 A division above, with its level */
        DivisionAbove: {
            code: string;
            name: string;
            /**
             * @description 行政区划级别 Level of division
             * @enum {string}
             */
            level: "NATION" | "PROVINCE" | "PREFECTURE" | "COUNTY";
        };
        /** @description 行政区划及其上级与截止日期 A division with what is above it */
        DivisionRecord: {
            code: string;
            name: string;
            /**
             * @description 行政区划级别 Level of division
             * @enum {string}
             */
            level: "NATION" | "PROVINCE" | "PREFECTURE" | "COUNTY";
            /** @description 上级代码，全国为 null Code of the division above, null for the nation */
            parent: string | null;
            /** @description 日期 A day, YYYY-MM-DD */
            validFrom: string;
            /** @description 不再如此的第一日，至今则为 null The first day on which it no longer holds */
            validTo: string | null;
            precision: components["schemas"]["Precision"];
            /** @description 依据的文号，未知为 null Number of the document that orders it, null where unknown */
            document: string | null;
            /** @description 历次状态，由远及近 Every state, oldest first */
            readonly states: components["schemas"]["DivisionSpan"][];
            beginning: components["schemas"]["Beginning"];
            /** @description 撤销，仍在则为 null How it ends; null while no end is known */
            ending: components["schemas"]["Ending"] | null;
            /** @description 由近及远 Everything above it, the nearest first */
            readonly parents: components["schemas"]["DivisionAbove"][];
            /** @description 自身所设的机关截止日期 The deadlines set for its agencies */
            readonly deadlines: {
                /** @description 报告年度或每年 Report year, or every one */
                year: components["schemas"]["Integer"] | "every";
                /** @description 次年截止日期，月-日 MM-DD of the following year */
                due: string;
            }[];
            /** @description 自身所设的县、市、省自行公布报告的截止日期 The deadlines set here for the reports that divisions of a level publish themselves */
            readonly ownDeadlines: {
                /** @enum {string} */
                for: "COUNTY" | "PREFECTURE" | "PROVINCE";
                year: components["schemas"]["Integer"] | "every";
                due: string;
            }[];
        };
        /** @description 机关在一段时间内的状态 An agency over a span of days */
        AgencyEntry: {
            code: string;
            name: string;
            /**
             * @description 机关类别 Kind of agency
             * @enum {string}
             */
            kind: "TOWNSHIP" | "SUBDISTRICT" | "DEPARTMENT" | "OFFICE" | "OTHER" | "COUNTY";
            county: components["schemas"]["CodeAndName"];
            /** @description 日期 A day, YYYY-MM-DD */
            validFrom: string;
            /** @description 不再如此的第一日，至今则为 null The first day on which it no longer holds */
            validTo: string | null;
        };
        /** @description 并入的或并入到的机关 An agency that went into another, and the day */
        Relative: {
            code: string;
            name: string;
            /** @description 日期 A day, YYYY-MM-DD */
            on: string;
        };
        /** @description 机关的一次状态及其依据 An agency over a span of days, with its basis */
        AgencySpan: {
            code: string;
            name: string;
            /**
             * @description 机关类别 Kind of agency
             * @enum {string}
             */
            kind: "TOWNSHIP" | "SUBDISTRICT" | "DEPARTMENT" | "OFFICE" | "OTHER" | "COUNTY";
            county: components["schemas"]["CodeAndName"];
            /** @description 日期 A day, YYYY-MM-DD */
            validFrom: string;
            /** @description 不再如此的第一日，至今则为 null The first day on which it no longer holds */
            validTo: string | null;
            precision: components["schemas"]["Precision"];
            /** @description 依据的文号，未知为 null Number of the document that orders it, null where unknown */
            document: string | null;
        };
        /** @description 机关今日的状态及沿革 An agency as it is today, and its history */
        AgencyRecord: {
            code: string;
            name: string;
            /**
             * @description 机关类别 Kind of agency
             * @enum {string}
             */
            kind: "TOWNSHIP" | "SUBDISTRICT" | "DEPARTMENT" | "OFFICE" | "OTHER" | "COUNTY";
            county: components["schemas"]["CodeAndName"];
            /** @description 日期 A day, YYYY-MM-DD */
            validFrom: string;
            /** @description 不再如此的第一日，至今则为 null The first day on which it no longer holds */
            validTo: string | null;
            precision: components["schemas"]["Precision"];
            /** @description 依据的文号，未知为 null Number of the document that orders it, null where unknown */
            document: string | null;
            /** @description 历次状态，由远及近 Every state, oldest first */
            readonly states: components["schemas"]["AgencySpan"][];
            beginning: components["schemas"]["Beginning"];
            /** @description 撤销，仍在则为 null How it ends; null while no end is known */
            ending: components["schemas"]["Ending"] | null;
            /** @description 其他部门所编的代码：MCA 民政部，NBS 国家统计局 Codes that another authority gives it: MCA, the ministry of civil affairs; NBS, the statistics bureau */
            readonly otherCodes: {
                /** @enum {string} */
                authority: "NBS" | "MCA";
                code: string;
                /** @description 日期 A day, YYYY-MM-DD */
                validFrom: string;
                /** @description 不再如此的第一日，至今则为 null The first day on which it no longer holds */
                validTo: string | null;
            }[];
            /** @description 自某日起的变更，未变的为 null；各状态由此推定 What was said to change, and from when; null is as before. The states follow from it */
            readonly changes: {
                /** @description 日期 A day, YYYY-MM-DD */
                on: string;
                code: string | null;
                name: string | null;
                kind: ("TOWNSHIP" | "SUBDISTRICT" | "DEPARTMENT" | "OFFICE" | "OTHER" | "COUNTY") | null;
                county: components["schemas"]["CodeAndName"] | null;
                precision: components["schemas"]["Precision"];
                /** @description 依据的文号，未知为 null Number of the document that orders it, null where unknown */
                document: string | null;
                /** @description 尚未生效，可收回 Its day has not come */
                announced: boolean;
            }[];
            /** @description 免报的年度 The years for which it need not file */
            readonly exemptions: {
                year: components["schemas"]["Integer"];
                reason: string;
                recordedBy: string | null;
                recordedAt: string;
            }[];
            /** @description 并入本机关的 What went into it */
            readonly predecessors: components["schemas"]["Relative"][];
            /** @description 本机关并入的 What it went into */
            readonly successors: components["schemas"]["Relative"][];
        };
        /** @description 行政区划的级别，机关为 null Level of a division; null of an agency */
        LevelOfDivision: ("NATION" | "PROVINCE" | "PREFECTURE" | "COUNTY") | null;
        /** @description 机关的类别，行政区划为 null Kind of an agency; null of a division */
        KindOfAgency: ("TOWNSHIP" | "SUBDISTRICT" | "DEPARTMENT" | "OFFICE" | "OTHER" | "COUNTY") | null;
        /** @description 机关或行政区划 An agency or a division */
        PlaceNamed: {
            code: string;
            name: string;
            /**
             * @description 机关或行政区划 An agency or a division
             * @enum {string}
             */
            about: "agency" | "division";
            level: components["schemas"]["LevelOfDivision"];
            kind: components["schemas"]["KindOfAgency"];
        };
        /** @description 某日的一项变更 One thing that happened on a day */
        PlaceChange: {
            /** @description 日期 A day, YYYY-MM-DD */
            effective: string;
            precision: components["schemas"]["Precision"];
            /**
             * @description 更名、代码变更、划转、类别变更、合并、拆分、设立、部分划转、撤销 Renamed, recoded, moved, of another kind, merged, split, made, territory transferred, ended
             * @enum {string}
             */
            kind: "RENAME" | "RECODE" | "MOVE" | "RECLASSIFY" | "MERGE" | "SPLIT" | "CREATE" | "TRANSFER" | "ABOLISH";
            /** @description 依据的文号，未知为 null Number of the document that orders it, null where unknown */
            document: string | null;
            /** @description 仅一部分区域易手 Whether only a part of what gave it came over */
            partial: boolean;
            /** @description 区域划入或划出，无则为 null Whether it took or gave territory; null for neither */
            territory: ("GAINED" | "LOST") | null;
            /** @description 原名称、代码或类别 Name, code or kind before */
            before: string | null;
            /** @description 新名称、代码或类别 Name, code or kind after */
            after: string | null;
            /** @description 尚未生效 Its day has not come */
            announced: boolean;
            /** @description 登记时刻，随名录而来则为 null When it was recorded; null with the register */
            recordedAt: components["schemas"]["Instant"] | null;
            /** @description 区域的来处或去处；划转时为原、现上级；未知则为空 Whom territory came from or went to; of a move, what it lay in and lies in; nobody where unknown */
            readonly counterparts: components["schemas"]["PlaceNamed"][];
        };
        /** @description 沿革，由远及近 What happened, oldest first */
        PlaceChanges: {
            readonly items: components["schemas"]["PlaceChange"][];
        };
        /** @description 检索结果 What was found */
        SearchHit: {
            code: string;
            name: string;
            /**
             * @description 机关或行政区划 An agency or a division
             * @enum {string}
             */
            about: "agency" | "division";
            level: components["schemas"]["LevelOfDivision"];
            kind: components["schemas"]["KindOfAgency"];
            /** @description 与检索相符的名称或代码 The name or code in which it was found */
            matched: {
                text: string;
                /** @enum {string} */
                of: "NAME" | "CODE";
                /** @description 现已不用 Whether it is called otherwise by now */
                former: boolean;
            };
            /** @description 所属县、市、省，由近及远 County, prefecture and province, the nearest first */
            readonly within: components["schemas"]["DivisionAbove"][];
            /** @description 日期 A day, YYYY-MM-DD */
            validFrom: string;
            /** @description 不再如此的第一日，至今则为 null The first day on which it no longer holds */
            validTo: string | null;
        };
        /** @description 检索结果，最相符的在前 What was found, best first */
        SearchFound: {
            readonly items: components["schemas"]["SearchHit"][];
            totalCount: components["schemas"]["Integer"];
        };
        /** @description 机关变更结果 What a change did, and the agency as it then stands */
        AgencyChanged: {
            /**
             * @description 结果 What the change did
             * @enum {string}
             */
            outcome: "created" | "changed" | "unchanged";
            /** @description 归属、应报或按时状态随之变化的报告数 Reports that now count elsewhere, or are in time or late otherwise */
            reportsMoved: number;
            agency: components["schemas"]["AgencyRecord"];
        };
        /** @description 截止日期变更结果 What a change did, and the division */
        DeadlineChanged: {
            /**
             * @description 结果 What the change did
             * @enum {string}
             */
            outcome: "created" | "changed" | "unchanged";
            /** @description 归属、应报或按时状态随之变化的报告数 Reports that now count elsewhere, or are in time or late otherwise */
            reportsMoved: number;
            division: components["schemas"]["DivisionRecord"];
        };
        /** @description 行政区划变更结果 What a change did, and the division as it then stands */
        DivisionChanged: {
            /**
             * @description 结果 What the change did
             * @enum {string}
             */
            outcome: "created" | "changed" | "unchanged";
            /** @description 归属、应报或按时状态随之变化的报告数 Reports that now count elsewhere, or are in time or late otherwise */
            reportsMoved: number;
            division: components["schemas"]["DivisionRecord"];
        };
        /** @description 批量变更结果 What a file of changes did */
        RegisterImport: {
            /** @description 变更行数 Lines applied */
            lines: components["schemas"]["Integer"];
            /** @description 各类变更行数，合计为 lines Lines by action; they add up to lines */
            counts: {
                add: components["schemas"]["Integer"];
                change: components["schemas"]["Integer"];
                close: components["schemas"]["Integer"];
                exempt: components["schemas"]["Integer"];
                unexempt: components["schemas"]["Integer"];
                deadline: components["schemas"]["Integer"];
                "division-add": components["schemas"]["Integer"];
                "division-change": components["schemas"]["Integer"];
                "division-merge": components["schemas"]["Integer"];
                "division-split": components["schemas"]["Integer"];
                "division-close": components["schemas"]["Integer"];
            };
            /** @description 其中无变化的行数 Of the lines, those that changed nothing */
            unchanged: components["schemas"]["Integer"];
            /** @description 归属、应报或按时状态随之变化的报告数 Reports that now count elsewhere, or are in time or late otherwise */
            reportsMoved: number;
        };
        /** @description 文件 A file */
        File: string;
        /** @description 对该结果的说明 What was said of it */
        FindingNote: {
            /** @enum {string} */
            standing: "CONFIRMED" | "EXPLAINED";
            text: string;
            /** @description 无令牌者不可见 Null for readers without a token for the report */
            actor: string | null;
            at: components["schemas"]["Instant"];
            /** @description 其后数字有变 The figures have changed since */
            outdated: boolean;
        };
        /** @description 核对结果 What a check found; the figures stay as filed */
        Finding: {
            code: string;
            /** @enum {string} */
            severity: "error" | "warning" | "info";
            /**
             * @description undecided：有空白，无法判定 A blank takes part
             * @enum {string}
             */
            outcome: "broken" | "undecided";
            pointer: string;
            cells: string[];
            left: number | null;
            right: number | null;
            difference: number | null;
            label: components["schemas"]["Label"];
            message: components["schemas"]["Label"];
            note?: components["schemas"]["FindingNote"];
        };
        /** @description 审核意见 A decision */
        Review: {
            /** @enum {string} */
            decision: "ACCEPTED" | "RETURNED";
            reason: string | null;
            /** @description 无令牌者不可见 Null for readers without a token for the report */
            actor: string | null;
            at: components["schemas"]["Instant"];
        };
        /** @description 年度报告 A report as it stands, with its findings */
        Report: {
            /** @description 机关代码（该年度） Code of the agency as of the report year */
            agency: string;
            agencyName: string;
            kind: string;
            year: components["schemas"]["Integer"];
            /** @enum {string} */
            form: "2019" | "2021" | "mixed";
            /** @description 版本号，从 1 起 Number of the revision, from 1 */
            revision: components["schemas"]["Integer"];
            /**
             * @description 仅在报送的回答中 Only in answer to a filing
             * @enum {string}
             */
            outcome?: "created" | "revised" | "unchanged";
            /**
             * @description 状态：已报送、已审核通过、已退回 Submitted; accepted by a reviewer; returned with a reason
             * @enum {string}
             */
            state: "SUBMITTED" | "ACCEPTED" | "RETURNED";
            /** @description 最近审核通过的版本 The revision accepted last; it stays readable while a correction is looked at */
            acceptedRevision: number | null;
            /** @description 对所示版本的最近审核意见 The last decision about what is shown */
            review?: components["schemas"]["Review"] | null;
            figures: components["schemas"]["NestedFigures"];
            publishedItems?: components["schemas"]["PublishedItems"] | null;
            engagement?: components["schemas"]["Engagement"] | null;
            narrative?: components["schemas"]["Narrative"] | null;
            source?: components["schemas"]["Source"] | null;
            findings: components["schemas"]["Finding"][];
            /** @description 示例数据 Made up for a demonstration */
            sample: boolean;
            onTime: boolean;
            submittedOn: string;
            /** @description 该年度首次报送的时间 When the agency first filed for the year */
            filedAt: components["schemas"]["Instant"];
            /** @description 所示内容最后报送、修订或审核的时间 When what is shown was filed, revised or decided about last */
            updatedAt: components["schemas"]["Instant"];
            /** @description 报送者；无令牌者不可见 Who filed this revision; null without a token for it */
            actor: string | null;
            reason: string | null;
        };
        /** @description 一项变更 One change that a copy must learn */
        Change: {
            /**
             * @description report 一份报告；agency 名录中的机关；division 行政区划及其截止日期或锁定 One report; an agency in the register; a division, with its deadlines and locks, the first of `divisions`
             * @enum {string}
             */
            about: "report" | "agency" | "division";
            /**
             * @description 何种变更 What was done
             * @enum {string}
             */
            type: "filed" | "revised" | "accepted" | "returned" | "withdrawn" | "noted" | "findings" | "added" | "moved" | "recoded" | "reclassified" | "renamed" | "documented" | "retracted" | "closed" | "merged" | "split" | "transferred" | "reopened" | "exempted" | "unexempted" | "deadline" | "locked" | "unlocked" | "excepted" | "unexcepted";
            /** @description 机关代码，副本以此为键；行政区划的变更为 null Code of the agency, under which a copy has the report; null for a division */
            agency: string | null;
            /** @description 报告年度；不限年度为 null Report year; null for no one year */
            year: components["schemas"]["Integer"] | null;
            /** @description 现在可见的版本，或该变更所涉的版本；不可知时为 null The revision that is shown now, or that it was about; null where you may not know it */
            revision: components["schemas"]["Integer"] | null;
            /** @description 该报告现在以 JSON 读取的 ETag；其后还有变更、已不可见或非报告时为 null The tag that reading the report as JSON gives now; null where a later change follows, where it is gone, and for the register */
            etag: string | null;
            at: components["schemas"]["Instant"];
            /** @description 汇总随之变化的行政区划代码，由近及远 Codes of the divisions whose sums it moves, the nearest first */
            divisions: string[];
            /**
             * @description 从副本中删去 Delete the report from your copy: you can read it no more
             * @constant
             */
            deleted?: true;
            /** @description 原因；仅限可读全部内容者 Why; only for those who may read all of the report */
            reason?: string;
        };
        /** @description 名单所列 A place of the list */
        ListedPlace: {
            code: string;
            name: string;
            /** @description 行号 Its line */
            line: number;
        };
        /** @description 名录与名单的不同写法 How the register has each, and the list */
        ListedVariants: {
            registered: components["schemas"]["CodeAndName"];
            listed: components["schemas"]["ListedPlace"];
        }[];
        /** @description 建议的变更 Changes that are proposed */
        RegisterProposals: {
            /** @enum {string} */
            kind: "RENAME" | "RECODE" | "MOVE" | "RECLASSIFY" | "MERGE" | "SPLIT" | "CREATE" | "TRANSFER" | "ABOLISH";
            /** @enum {string} */
            about: "agency" | "division";
            /** @description 名录所载，新增则为 null What the register has; null for what begins */
            registered: components["schemas"]["CodeAndName"] | null;
            /** @description 名单所列，消失则为 null What the list has; null for what ends */
            listed: components["schemas"]["ListedPlace"] | null;
            reason: components["schemas"]["Label"];
            /** @description 同处新增或消失、可能有关的，至多二十个 What begins or ends beside it and may have to do with it, twenty at the most */
            readonly candidates: components["schemas"]["CodeAndName"][];
            /** @description 变更文件的各行，键为列名 The lines of a file of changes that make it so, by their columns */
            readonly changes: {
                [key: string]: string;
            }[];
        }[];
        /** @description 名单与名录的比较 A list compared with the register */
        RegisterComparison: {
            /** @description 日期 A day, YYYY-MM-DD */
            on: string;
            /** @enum {string} */
            authority: "NBS" | "MCA";
            /** @description 名单为其全部的区划 The division that the list has all of */
            division: components["schemas"]["CodeAndName"] | null;
            /** @description 所比较的行数 Places of the list that were compared */
            listed: components["schemas"]["Integer"];
            /** @description 不在该区划内的行数 Places of it that lie elsewhere */
            leftAside: components["schemas"]["Integer"];
            certain: components["schemas"]["RegisterProposals"];
            uncertain: components["schemas"]["RegisterProposals"];
            /** @description 不能使用的行 Lines that cannot be used */
            readonly faults: components["schemas"]["Fault"][];
            same: {
                /** @description 相同的 Places that both have, with those of the lists */
                places: components["schemas"]["Integer"];
                spelling: components["schemas"]["ListedVariants"];
                /** @description 同一机关而代码数字不同 The same unit under digits that the register does not have */
                otherDigits: components["schemas"]["ListedVariants"];
                /** @description 统计上属开发区、民政上属县的 Units that lie in a zone of statistics, and in a county for the ministry */
                otherCounty: components["schemas"]["ListedVariants"];
                /** @description 此类名单不列的 Statistical units and zones, which such a list does not have */
                notListed: components["schemas"]["Integer"];
            };
        };
        /** @description 各数字在文件中的位置 Where in the document each figure was read */
        DocumentPlaces: {
            /** @description 文件的 SHA-256 SHA-256 of the document */
            sha256: string;
            mediaType: string;
            items: {
                /** @description 单元格地址 Address of the cell */
                cell: string;
                label: components["schemas"]["Label"];
                value: components["schemas"]["PrintedFigure"];
                /** @description 所读的原文 The words it was read from */
                text: string;
                note: string | null;
                /** @description 文本的行，或段落、表格行的序号 Line of a text; else the ordinal of the paragraph or table row */
                line: components["schemas"]["Integer"];
                /** @description PDF 的第几页 Page of a PDF, from 1; null in other formats */
                page: number | null;
                /** @description 第几个表格 Which table, from 1; null outside of tables */
                table: number | null;
                /** @description 表格的行 Row of the table, from 1 */
                row: number | null;
                /** @description 表格的列 Column of the table, from 1 */
                column: number | null;
            }[];
        };
        /** @description 读取疑问 What the reader was not sure of, with its place */
        Doubt: {
            code: string;
            /** @description 行号（HTML、Word、Excel、PDF 为段落或表格行的序号） The line, or the ordinal of the paragraph or table row */
            place: {
                line: components["schemas"]["Integer"];
            } | null;
            /** @description 涉及的单元格 The cells it concerns */
            cells: string[];
            /** @description 原文 The words as printed */
            text: string;
            message: components["schemas"]["Label"];
        };
        /** @description 可能的机关 An agency that the name may mean */
        Candidate: {
            code: string;
            name: string;
            county: components["schemas"]["CodeAndName"];
        };
        /** @description 读取结果 A document as it was read; nothing was stored */
        Reading: {
            /** @description 由内容识别的格式 The form, recognised from the content */
            form: ("2019" | "2021" | "mixed") | null;
            title: string | null;
            /** @description 标题所写机关 The agency that the title names */
            agencyName: string | null;
            countyName: string | null;
            /** @description 名录中的机关；不能确定时为 null The agency, null unless it is certain */
            agency: components["schemas"]["Candidate"] | null;
            /** @description 可能的机关 Every agency that the name may mean */
            candidates: components["schemas"]["Candidate"][];
            year: components["schemas"]["Integer"] | null;
            figures: components["schemas"]["NestedFigures"];
            /** @description 读到的各格及其原文和位置 Every box that was met, with its text and place */
            cells: {
                cell: string;
                label: components["schemas"]["Label"];
                /** @description 原文 The box as printed */
                text: string;
                value: components["schemas"]["PrintedFigure"];
                /** @description 数字旁的说明 What stood beside the number */
                note: string | null;
                line: components["schemas"]["Integer"];
                /** @description PDF 的第几页 Page of a PDF, from 1; null in other formats */
                page: number | null;
            }[];
            publishedItems?: components["schemas"]["PublishedItems"] | null;
            engagement?: components["schemas"]["Engagement"] | null;
            narrative?: components["schemas"]["Narrative"] | null;
            source?: components["schemas"]["Source"] | null;
            doubts: components["schemas"]["Doubt"][];
            findings: components["schemas"]["Finding"][];
        };
        /** @description 报送结果 The report as it stands after a filing */
        FiledReport: {
            /** @description 机关代码（该年度） Code of the agency as of the report year */
            agency: string;
            agencyName: string;
            kind: string;
            year: components["schemas"]["Integer"];
            /** @enum {string} */
            form: "2019" | "2021" | "mixed";
            /** @description 版本号，从 1 起 Number of the revision, from 1 */
            revision: components["schemas"]["Integer"];
            /**
             * @description 仅在报送的回答中 Only in answer to a filing
             * @enum {string}
             */
            outcome?: "created" | "revised" | "unchanged";
            /**
             * @description 状态：已报送、已审核通过、已退回 Submitted; accepted by a reviewer; returned with a reason
             * @enum {string}
             */
            state: "SUBMITTED" | "ACCEPTED" | "RETURNED";
            /** @description 最近审核通过的版本 The revision accepted last; it stays readable while a correction is looked at */
            acceptedRevision: number | null;
            /** @description 对所示版本的最近审核意见 The last decision about what is shown */
            review?: components["schemas"]["Review"] | null;
            figures: components["schemas"]["NestedFigures"];
            publishedItems?: components["schemas"]["PublishedItems"] | null;
            engagement?: components["schemas"]["Engagement"] | null;
            narrative?: components["schemas"]["Narrative"] | null;
            source?: components["schemas"]["Source"] | null;
            findings: components["schemas"]["Finding"][];
            /** @description 示例数据 Made up for a demonstration */
            sample: boolean;
            onTime: boolean;
            submittedOn: string;
            /** @description 该年度首次报送的时间 When the agency first filed for the year */
            filedAt: components["schemas"]["Instant"];
            /** @description 所示内容最后报送、修订或审核的时间 When what is shown was filed, revised or decided about last */
            updatedAt: components["schemas"]["Instant"];
            /** @description 报送者；无令牌者不可见 Who filed this revision; null without a token for it */
            actor: string | null;
            reason: string | null;
            /** @description 文件的读取疑问 Only where the report came as a document */
            doubts?: components["schemas"]["Doubt"][];
        };
        /** @description 一项比率及其分子、分母 A rate, and what it divides */
        Rate: {
            /** @description 0 至 1，无收件时为 null Null, never 1, when nothing was received */
            value: number | null;
            /** @description 计入的报告数 How many reports it is over */
            reports: components["schemas"]["Integer"];
            /** @description 分子 What they say above the line */
            over: components["schemas"]["Integer"];
            /** @description 分母 What they say below the line */
            of: components["schemas"]["Integer"];
        };
        /** @description 各项比率，只计填全所需各格的报告 The rates, each over the reports that fill in every box it takes */
        Rates: {
            /** @description 公开率（予以公开与部分公开占办结总数） Share granted, wholly or in part, of those processed */
            grantedShare: components["schemas"]["Rate"];
            /** @description 办结率（办结总数占新收与上年结转之和） Share processed of those received and carried in */
            closureRate: components["schemas"]["Rate"];
        };
        /** @description 同名类别或渠道的合计 The items of one name, and how many reports have it */
        NamedItems: {
            name: string;
            /** @description 合计；无报告说明确切条数时为 null Null when no report states an exact number */
            count: components["schemas"]["Integer"] | null;
            /** @description 说明了条数的报告数 How many reports state a number */
            counted: components["schemas"]["Integer"];
            /** @description 提到该类的报告数 How many reports name it */
            reports: components["schemas"]["Integer"];
            /** @description 占总数之比，0 至 1 The part of the totals of the reports that state both */
            share: number | null;
            /** @description 计入占比的报告数 How many reports the share is over */
            shareReports: components["schemas"]["Integer"];
        };
        /** @description 一格已填、空白、格式无此格的报告数 How many reports state a cell, leave it blank, have a form without it */
        CellCounts: {
            reported: components["schemas"]["Integer"];
            blank: components["schemas"]["Integer"];
            absent: components["schemas"]["Integer"];
        };
        /** @description 汇总的范围 What a sum includes */
        Coverage: {
            /** @description 合计中的报告数 Reports in the sum */
            reports: components["schemas"]["Integer"];
            /** @description 应报送机关数 Agencies expected to file */
            expected: components["schemas"]["Integer"];
            /** @description 应报送且已报送 Of those expected, how many did */
            reported: components["schemas"]["Integer"];
            /** @description 其中已审核通过 Of those reported, how many were accepted */
            accepted: components["schemas"]["Integer"];
            /** @description 其中按时报送（只计可读取的） Of those reported that you may read, how many by the day due */
            onTime: components["schemas"]["Integer"];
            /** @description 其中逾期报送（同上） Of the same, how many later */
            late: components["schemas"]["Integer"];
            /** @description 0 至 1，无收件时为 null Null, never 1, when nothing was received */
            rate: number | null;
            /** @description 示例报告数 Reports that are made-up samples */
            samples: components["schemas"]["Integer"];
            /** @description 各格式的报告数 Reports by form */
            forms: {
                [key: string]: components["schemas"]["Integer"];
            };
            missingCount: components["schemas"]["Integer"];
            /** @description 未报送机关，至多 500 个 Who is missing, at most 500 */
            missing: components["schemas"]["CodeAndName"][];
            /** @description 每格：已填、空白、格式无此格的报告数 By cell: how many reported, left blank, have a form without it */
            cells: {
                [key: string]: {
                    [key: string]: {
                        [key: string]: components["schemas"]["CellCounts"];
                    };
                };
            };
        };
        /** @description 该县自行公布的报告及差异，从不计入合计 The county's own published report; compared, never added */
        PublishedBeside: {
            agency: string;
            agencyName: string;
            revision: components["schemas"]["Integer"];
            form: string;
            figures: components["schemas"]["NestedFigures"];
            differences: {
                cell: string;
                label: components["schemas"]["Label"];
                rollup: components["schemas"]["PrintedFigure"];
                published: components["schemas"]["PrintedFigure"];
                difference: components["schemas"]["PrintedFigure"];
            }[];
        };
        /** @description 汇总所用口径 The frame that a sum is in */
        FrameUsed: {
            /**
             * @description 按各年 12 月 31 日的区划，或按某日的区划 On the boundaries of 31 December of the year, or on those of a day
             * @enum {string}
             */
            boundaries: "AS_REPORTED" | "ON_DAY";
            /**
             * Format: date
             * @description 区划之日 The day whose boundaries count
             */
            on: string;
            /** @description 登记截至的时刻；null 为现在 By when it was known; null is now */
            knownOn: string | null;
        };
        /** @description 不能归入任何一个下级的报告，只计入本级 Reports that lie in none of the divisions directly below: counted here, and never divided */
        Unallocated: {
            reports: components["schemas"]["Integer"];
            /** @description 其中应报送的机关数 Agencies expected to file */
            expected: components["schemas"]["Integer"];
            /** @description 机关及其可能所属，至多 500 个 Whose reports, and where each may lie, at most 500 */
            agencies: {
                code: string;
                name: string;
                candidates: components["schemas"]["CodeAndName"][];
            }[];
        };
        /** @description 口径变动：区域在这一天变了，与其他年度不可比 A day on which the territory became another, so that years cannot be compared */
        Break: {
            /**
             * Format: date
             * @description 生效日 The first day on which it is so
             */
            effective: string;
            /**
             * @description 日期的确切程度 How sure that day is
             * @enum {string}
             */
            precision: "DAY" | "SNAPSHOT";
            /**
             * @description 变更类别 What happened
             * @enum {string}
             */
            kind: "RENAME" | "RECODE" | "MOVE" | "RECLASSIFY" | "MERGE" | "SPLIT" | "CREATE" | "TRANSFER" | "ABOLISH";
            /** @description 文号 Number of the document that orders it */
            document: string | null;
            /** @description 仅一部分 Whether a part only came over */
            partial: boolean;
            /** @description 对方 Where it came from or went to */
            counterparts: components["schemas"]["CodeAndName"][];
        };
        /** @description 汇总 The sums of a division for a year, with coverage */
        Rollup: {
            division: components["schemas"]["DivisionNamed"];
            year: components["schemas"]["Integer"];
            /** @description 包含的机关类别 The kinds of agency in the sum */
            kinds: string[];
            /**
             * @description 已报送的全部，或仅审核通过的 All that was filed, or only what was accepted
             * @enum {string}
             */
            includes: "ALL" | "ACCEPTED";
            frame: components["schemas"]["FrameUsed"];
            figures: components["schemas"]["NestedFigures"];
            /** @description 派生小计与比率（不在报表上） Derived subtotals and rates, printed nowhere */
            derived: {
                [key: string]: unknown;
            };
            rates: components["schemas"]["Rates"];
            publishedItems: {
                total: components["schemas"]["Integer"] | null;
                /** @description 说明了总数的报告数 How many reports state a total */
                stated: components["schemas"]["Integer"];
                categories: components["schemas"]["NamedItems"][];
                channels: components["schemas"]["NamedItems"][];
            };
            findings: components["schemas"]["Finding"][];
            coverage: components["schemas"]["Coverage"];
            published: components["schemas"]["PublishedBeside"] | null;
            unallocated: components["schemas"]["Unallocated"];
            breaks: components["schemas"]["Break"][];
        };
        /** @description 格式 A printed form as data: tables, rows, columns, cells, equations */
        Form: {
            id: string;
            name: components["schemas"]["Label"];
            notice: components["schemas"]["Label"] | null;
            cellCount: components["schemas"]["Integer"];
        } & {
            [key: string]: unknown;
        };
        /** @description 核对规则 A check */
        Rule: {
            code: string;
            /** @enum {string} */
            severity: "error" | "warning" | "info";
            /** @description 核对范围 What is compared */
            over: string;
            label: components["schemas"]["Label"];
            description: components["schemas"]["Label"];
            /** @description 以勾稽关系印在哪些格式上 The forms on which it is an equation */
            forms: string[];
        };
        /** @description 指标 What can be ranked, compared and tabulated */
        Measure: {
            /** @description 指标地址 Its address */
            key: string;
            label: components["schemas"]["Label"];
            /** @description 单位；比率无单位 The unit as printed; null for a rate from 0 to 1 */
            unit: string | null;
            /**
             * @description flow 发生数，stock 时点数，amount 金额，rate 比率 How it adds up: over area and years, over area only, as money, or not at all
             * @enum {string}
             */
            kind: "flow" | "stock" | "amount" | "rate";
            /**
             * @description 数值大是好、是差，或不分好坏 Whether more is better, less is, or neither
             * @enum {string}
             */
            direction: "MORE" | "LESS" | "NEITHER";
            /** @description 是否可以排名 Whether it may be ranked */
            rankable: boolean;
            /** @description 不排名的原因 Why it is not ranked */
            unranked: components["schemas"]["Label"] | null;
            /** @description 有此指标的格式 The forms that have it */
            forms: string[];
            /** @description 所取的单元格 Addresses of the boxes it is read from */
            cells: string[];
            /** @description 没有此指标的格式上与之相当的指标，以及为何不能连成序列 What stands in its place on the forms that lack it, and why the two are no series */
            onOtherForms: {
                forms: string[];
                measure: string | null;
                reason: components["schemas"]["Label"];
                source: components["schemas"]["Label"];
            }[];
        };
        /** @description 对一类失败的说明，语言依 Accept-Language What a failure means, by Accept-Language */
        Explanation: {
            type: string;
            status: components["schemas"]["Integer"];
            title: string;
            /** @description 含义 What it means */
            meaning: string;
            /** @description 如何处理 What to do next */
            next: string;
        };
        /** @description 服务一览 What the service has */
        Entry: {
            name: string;
            /** @description 各入口的地址 Addresses of what stands beside the calls */
            links: {
                [key: string]: string;
            };
            /** @description 各接口 Every call, by its name in the OpenAPI document */
            calls: {
                method: string;
                path: string;
                id: string;
                summary: string;
            }[];
        };
        /** @description 各严重程度的核对结果数 How many findings of each severity */
        FindingCounts: {
            errors: components["schemas"]["Integer"];
            warnings: components["schemas"]["Integer"];
            info: components["schemas"]["Integer"];
        };
        /** @description 悬殊的数字 A figure far from what is usual */
        Outlier: {
            /** @description 指标 Address of the measure */
            measure: string;
            label: components["schemas"]["Label"];
            value: components["schemas"]["PrintedFigure"];
            /** @description 通常范围 From where to where figures are usual */
            usual: {
                low: components["schemas"]["PrintedFigure"];
                high: components["schemas"]["PrintedFigure"];
            };
            /**
             * @description 比照：本机关历年、同类机关、两者 Compared with its own years, its peers, or both
             * @enum {string}
             */
            basis: "OWN_YEARS" | "PEERS" | "BOTH";
        };
        /** @description 一个机关的报送情况 An agency with where it is with its report */
        FilingOfAgency: {
            /** @description 机关代码（该年度） Code of the agency as of the report year */
            agency: string;
            agencyName: string;
            kind: string;
            county: components["schemas"]["CodeAndName"];
            /**
             * @description 状态：未报送、报送被拒、已报送、已退回、审核通过、无需报送、已撤回 Not filed; sent and refused; submitted; returned; accepted; exempted; withdrawn
             * @enum {string}
             */
            state: "NOT_FILED" | "REFUSED" | "SUBMITTED" | "RETURNED" | "ACCEPTED" | "EXEMPT" | "WITHDRAWN";
            /** @description 应报送 Whether it is expected to file */
            expected: boolean;
            /** @description 日期 A day, YYYY-MM-DD */
            due: string;
            /** @description 逾期报送，或逾期未报；只见已报送者为空 Filed after that day, or overdue; null where no more is shown than that it was filed */
            late: boolean | null;
            revision: number | null;
            filedAt: components["schemas"]["Instant"] | null;
            submittedOn: string | null;
            findings: components["schemas"]["FindingCounts"] | null;
            decision: components["schemas"]["Review"] | null;
            /** @description 留存的被拒报送数；只对在此报送或审核者 How much that was sent is kept as refused; null for those who neither file nor review there */
            refusals: number | null;
            /** @description 与本机关历年及同类机关相差悬殊的数字，供审核参考，并非错误；只对可读现行版本者 Figures far from those of its other years and its peers: for a reviewer to look at, and no error; null where the current report is not shown */
            outliers: components["schemas"]["Outlier"][] | null;
        };
        /** @description 全部报送情况的计数 How many of all there are */
        FilingCounts: {
            states: {
                NOT_FILED: components["schemas"]["Integer"];
                REFUSED: components["schemas"]["Integer"];
                SUBMITTED: components["schemas"]["Integer"];
                RETURNED: components["schemas"]["Integer"];
                ACCEPTED: components["schemas"]["Integer"];
                EXEMPT: components["schemas"]["Integer"];
                WITHDRAWN: components["schemas"]["Integer"];
            };
            late: components["schemas"]["Integer"];
            /** @description 有各类核对结果的份数；报告超过 500 份时为空 Reports with findings of each severity; null where there are more than 500 reports */
            withFindings: components["schemas"]["FindingCounts"] | null;
        };
        /** @description 报送情况 A division's year as one list */
        FilingsOfYear: {
            division: components["schemas"]["DivisionNamed"];
            year: components["schemas"]["Integer"];
            counts: components["schemas"]["FilingCounts"];
            items: components["schemas"]["FilingOfAgency"][];
            totalCount: components["schemas"]["Integer"];
        };
        /** @description 一份报告的核对结果 A finding with the report that it is about */
        FindingOfReport: {
            /** @description 机关代码（该年度） Code of the agency as of the report year */
            agency: string;
            agencyName: string;
            kind: string;
            county: components["schemas"]["CodeAndName"];
            year: components["schemas"]["Integer"];
            revision: components["schemas"]["Integer"];
            /** @enum {string} */
            state: "SUBMITTED" | "ACCEPTED" | "RETURNED";
            finding: components["schemas"]["Finding"];
        };
        /** @description 核对结果 What was found in a division's year */
        FindingsOfYear: {
            division: components["schemas"]["DivisionNamed"];
            year: components["schemas"]["Integer"];
            items: components["schemas"]["FindingOfReport"][];
            totalCount: components["schemas"]["Integer"];
        };
        /** @description 被拒的报送 Something that was sent and refused */
        Refusal: {
            at: components["schemas"]["Instant"];
            /** @description 发送者 Who sent it */
            actor: string;
            /**
             * @description 来源：请求、文件、批量报送的一行 As a request, a document, or a row of an import
             * @enum {string}
             */
            source: "REQUEST" | "DOCUMENT" | "IMPORT";
            /** @description 机关；未能确定则为空 Null where it is not known */
            agency: components["schemas"]["CodeAndName"] | null;
            /** @description 机关未能确定时，发送者所属的行政区划 Where the agency is not known: for what the sender files */
            division: components["schemas"]["CodeAndName"] | null;
            /** @description 所述机关代码 The code as it was sent */
            stated: string | null;
            /** @description 年度；未写明则为空 Null where none was stated */
            year: number | null;
            problem: components["schemas"]["Problem"];
            /** @description 所发文件的下载地址；未留存则为空 Where the document is that was sent; null where none is kept */
            document: string | null;
        };
        /** @description 被拒的报送 What was refused, the latest first */
        Refusals: {
            items: components["schemas"]["Refusal"][];
            totalCount: components["schemas"]["Integer"];
        };
        /** @description 份数 How many items */
        ItemCount: number;
        /** @description 一份报送的结果 What became of one item */
        ImportItem: {
            /** @description 所在工作表，仅 Excel The sheet it is on, in a workbook */
            sheet?: string;
            /** @description 行号；压缩包内为序号 Line or row on which it begins; its ordinal in a zip */
            line: number;
            /** @description 调用方自己的标识；压缩包内为文件名 Your own name for it; the file name in a zip */
            ref: string | null;
            agency: string | null;
            year: components["schemas"]["Integer"] | null;
            /** @enum {string} */
            outcome: "created" | "revised" | "unchanged" | "rejected";
            revision?: components["schemas"]["Integer"];
            /** @description 被拒原因 Why it was rejected */
            problem?: components["schemas"]["Problem"];
            /** @description 文件中未能确定读出之处 What was not read for certain in a document */
            doubts?: unknown[];
        };
        /** @description 一种问题的份数 How many items have one kind of problem */
        ProblemCounts: {
            problem: string;
            items: components["schemas"]["ItemCount"];
            codes: {
                code: string;
                items: components["schemas"]["ItemCount"];
            }[];
        };
        /** @description 压缩包内略过的系统文件：个数和前 20 个的名称 What a zip holds beside documents and is passed over: how many entries, and the names of the first 20 */
        PassedOver: {
            count: components["schemas"]["ItemCount"];
            names: string[];
        };
        /** @description 批量报送的结果 What became of an import */
        ImportResult: {
            /**
             * Format: uuid
             * @description 任务编号，有被拒时保留 7 天；否则为 null Its name, by which it is kept for 7 days where something was refused; else null
             */
            id: string | null;
            /** @enum {string} */
            mode: "each" | "all";
            dryRun: boolean;
            /** @description 所计是否已保存；all 未结束时为 null Whether what is counted is kept; null while that is open */
            kept: boolean | null;
            /** @description 文件按何种编码读取；工作簿和压缩包为 null The character set it was read in; null for a workbook and a zip */
            charset: string | null;
            passedOver: components["schemas"]["PassedOver"];
            /** @description 被拒各行及原因的文件，可更正后重报；无被拒时为空 Files with what was refused and why, to be corrected and sent again; none where nothing was */
            rejects: string[];
            /** @description 已处理份数，等于以下四项之和 Items so far: the sum of the four below */
            received: components["schemas"]["ItemCount"];
            created: components["schemas"]["ItemCount"];
            revised: components["schemas"]["ItemCount"];
            unchanged: components["schemas"]["ItemCount"];
            rejected: components["schemas"]["ItemCount"];
            /** @description 按问题与规则分组的份数 Items by problem, and by the rules and faults each named */
            problems: components["schemas"]["ProblemCounts"][];
            items: components["schemas"]["ImportItem"][];
        };
        /** @description 批量报送任务 An import: how far it is, and what became of it */
        Import: {
            /** Format: uuid */
            id: string;
            /**
             * @description interrupted：文件已丢失，止于 received Its file was lost; it came as far as received
             * @enum {string}
             */
            state: "queued" | "running" | "done" | "failed" | "interrupted";
            /** @enum {string} */
            mode: "each" | "all";
            dryRun: boolean;
            /** @description 所计是否已保存；all 未结束时为 null Whether what is counted is kept; null while that is open */
            kept: boolean | null;
            lenient: boolean;
            /** @description 文件按何种编码读取；工作簿和压缩包为 null The character set it was read in; null for a workbook and a zip */
            charset: string | null;
            passedOver: components["schemas"]["PassedOver"];
            /** @description 被拒各行及原因的文件，可更正后重报；无被拒时为空 Files with what was refused and why, to be corrected and sent again; none where nothing was */
            rejects: string[];
            /** @description 已处理份数，等于以下四项之和 Items so far: the sum of the four below */
            received: components["schemas"]["ItemCount"];
            created: components["schemas"]["ItemCount"];
            revised: components["schemas"]["ItemCount"];
            unchanged: components["schemas"]["ItemCount"];
            rejected: components["schemas"]["ItemCount"];
            /** @description 按问题与规则分组的份数 Items by problem, and by the rules and faults each named */
            problems: components["schemas"]["ProblemCounts"][];
            /** @description 文件大小 Size of what was sent */
            bytes: components["schemas"]["ItemCount"];
            createdAt: components["schemas"]["Instant"];
            finishedAt: components["schemas"]["Instant"] | null;
            /** @description 整体失败的原因 Why it failed as a whole */
            problem: components["schemas"]["Problem"] | null;
        };
        /** @description 锁定的年度 A year closed to filing */
        Lock: {
            division: components["schemas"]["DivisionNamed"];
            year: components["schemas"]["Integer"];
            /**
             * Format: date
             * @description 自该日起不再接受报送 The first day on which nothing is filed any more
             */
            since: string;
            reason: string;
            actor: string | null;
            at: components["schemas"]["Instant"];
            exceptions: {
                agency: string;
                name: string;
                until: string | null;
                reason: string;
                actor: string | null;
                at: components["schemas"]["Instant"];
            }[];
        };
        /** @description 一个版本 One immutable revision */
        Revision: {
            number: components["schemas"]["Integer"];
            /** @enum {string} */
            action: "filed" | "revised" | "withdrawn";
            actor: string | null;
            at: components["schemas"]["Instant"];
            reason: string | null;
            review: components["schemas"]["Review"] | null;
            /** @description 变动的单元格 The cells that changed, from and to */
            changes: {
                pointer: string;
                cell: string | null;
                label: components["schemas"]["Label"] | null;
                from: unknown;
                to: unknown;
            }[];
            /** @description 该版内容 What it said; only when one revision is asked for */
            report?: unknown;
        };
        /** @description 一个区域一年的一项指标 What a measure is for an area and year */
        Observation: {
            /** @description 区域代码 Code of the area */
            area: string;
            year: components["schemas"]["Integer"];
            /** @description 指标地址 Address of the measure */
            measure: string;
            value: components["schemas"]["PrintedFigure"];
            /** @description 填报此项的报告数 How many reports state it */
            reported: components["schemas"]["Integer"];
            /** @description 应报送机关数 How many agencies are expected to file */
            expected: components["schemas"]["Integer"];
            /** @description 空白的报告数；小计为至少 How many reports leave it blank; of a subtotal, at least */
            blank: components["schemas"]["Integer"];
            /** @description 格式无此项的报告数 How many reports are on a form without it */
            absent: components["schemas"]["Integer"];
            /** @description 比率的分母 What a rate divides by; null of everything else */
            denominator: components["schemas"]["Integer"] | null;
            /** @description 示例报告数 How many reports are made-up samples */
            samples: components["schemas"]["Integer"];
            /** @description 状态代码，见 statuses Letters, see statuses; empty: a plain value */
            status: string;
            /** @enum {string} */
            includes: "ALL" | "ACCEPTED";
        };
        /** @description 表中的区域 An area of a table */
        TableArea: {
            code: string;
            name: string;
            /** @enum {string} */
            level: "NATION" | "PROVINCE" | "PREFECTURE" | "COUNTY" | "AGENCY";
            kind: ("TOWNSHIP" | "SUBDISTRICT" | "DEPARTMENT" | "OFFICE" | "OTHER" | "COUNTY") | null;
            parent: components["schemas"]["CodeAndName"] | null;
        };
        /** @description 单位与小数位数 The unit of a measure, and its decimals */
        ShownUnit: {
            label: components["schemas"]["Label"];
            /** @description 小数位数 With how many decimals it is shown */
            decimals: components["schemas"]["Integer"];
        };
        /** @description 序列中断 A day on which an area became another territory */
        AreaBreak: {
            area: string;
            year: components["schemas"]["Integer"];
            /** Format: date */
            effective: string;
            /** @enum {string} */
            precision: "DAY" | "SNAPSHOT";
            /** @description 变更类别 What happened */
            kind: string;
            document: string | null;
            partial: boolean;
            counterparts: components["schemas"]["CodeAndName"][];
        };
        /** @description 统计表 A table of statistics: area by year by measure */
        StatisticsTable: {
            title: components["schemas"]["Label"];
            source: components["schemas"]["Label"];
            notes: components["schemas"]["Label"][];
            division: components["schemas"]["DivisionNamed"];
            by: ("agency" | "county" | "prefecture" | "province") | null;
            years: components["schemas"]["Integer"][];
            kinds: string[];
            frame: {
                /** @enum {string} */
                boundaries: "AS_REPORTED" | "ON_DAY";
                /** Format: date */
                on: string | null;
                knownOn: string | null;
            };
            /** @description 该区划各年的统计口径：已报送的全部，或仅审核通过的 Of each year, what the sums of the division are of */
            includes: {
                [key: string]: "ALL" | "ACCEPTED";
            };
            licence: {
                name?: string;
                path?: string;
                title?: string;
            };
            /** @description 同一表的其他格式 The same table, by what it is written as */
            links: {
                [key: string]: string;
            };
            /** @description 状态代码的含义 What the letters mean */
            statuses: {
                [key: string]: components["schemas"]["Label"];
            };
            statusSource: components["schemas"]["Label"];
            areas: components["schemas"]["TableArea"][];
            measures: components["schemas"]["Measure"][];
            /** @description 各指标的单位 Units by the measures */
            units: {
                [key: string]: components["schemas"]["ShownUnit"];
            };
            breaks: components["schemas"]["AreaBreak"][];
            observations: components["schemas"]["Observation"][];
            /** @description 数据版本 The last change of the store when it was read */
            version: {
                number: components["schemas"]["Integer"];
                at: string | null;
            };
        };
        /** @description JSON-stat 2.0 数据集（json-stat.org） A JSON-stat 2.0 dataset */
        JsonStatDataset: {
            /** @constant */
            version: "2.0";
            /** @constant */
            class: "dataset";
            id: string[];
        } & {
            [key: string]: unknown;
        };
        /**
         * @description 暂停的原因：ASKED 应要求、GONE 接收方答复 410、FAILING 三天未成功、TOKEN 令牌已失效 Why it is paused. ASKED: by its holder; GONE: its receiver answered 410; FAILING: nothing arrived for three days; TOKEN: its token has ended
         * @enum {string}
         */
        PauseReason: "ASKED" | "GONE" | "FAILING" | "TOKEN";
        /** @description 令牌 A token by its number, with its name */
        TokenNamed: {
            id: components["schemas"]["Integer"];
            name: string;
        };
        /** @description 订阅 A subscription, without its secret */
        Subscription: {
            id: string;
            /** @description 接收方地址；他人的订阅只示来源 Where messages go; of another token its origin only */
            url: string;
            description: string | null;
            division: components["schemas"]["CodeAndName"] | null;
            types: string[] | null;
            /** @enum {string} */
            state: "ACTIVE" | "PAUSED";
            pausedBecause: components["schemas"]["PauseReason"] | null;
            token: components["schemas"]["TokenNamed"];
            failingSince: components["schemas"]["Instant"] | null;
            /** @description 失败后下次尝试的时间 When the receiver is tried again, since it failed */
            restUntil: components["schemas"]["Instant"] | null;
            /** @description 旧密钥同时签名至此 Until when the former secret signs, too */
            formerSecretUntil: components["schemas"]["Instant"] | null;
            /** @description 待发的消息 Messages that wait */
            waiting: components["schemas"]["Integer"];
            /** @description 已放弃的消息 Messages that were given up */
            failed: components["schemas"]["Integer"];
            createdBy: string;
            createdAt: components["schemas"]["Instant"];
        };
        /** @description 订阅及其密钥 A subscription with its secret */
        NewSubscription: {
            id: string;
            /** @description 接收方地址；他人的订阅只示来源 Where messages go; of another token its origin only */
            url: string;
            description: string | null;
            division: components["schemas"]["CodeAndName"] | null;
            types: string[] | null;
            /** @enum {string} */
            state: "ACTIVE" | "PAUSED";
            pausedBecause: components["schemas"]["PauseReason"] | null;
            token: components["schemas"]["TokenNamed"];
            failingSince: components["schemas"]["Instant"] | null;
            /** @description 失败后下次尝试的时间 When the receiver is tried again, since it failed */
            restUntil: components["schemas"]["Instant"] | null;
            /** @description 旧密钥同时签名至此 Until when the former secret signs, too */
            formerSecretUntil: components["schemas"]["Instant"] | null;
            /** @description 待发的消息 Messages that wait */
            waiting: components["schemas"]["Integer"];
            /** @description 已放弃的消息 Messages that were given up */
            failed: components["schemas"]["Integer"];
            createdBy: string;
            createdAt: components["schemas"]["Instant"];
            /** @description 签名密钥，仅此一次 What messages are signed with; it is never shown again */
            secret: string;
        };
        /** @description 一条消息 A message to a subscriber */
        Delivery: {
            /** @description webhook-id；重发时不变 webhook-id, the same however often it is sent */
            id: string;
            type: string;
            /** @description 所告知的变更的时间 When what it tells of happened */
            at: components["schemas"]["Instant"];
            /** @enum {string} */
            state: "WAITING" | "DELIVERED" | "FAILED";
            attempts: components["schemas"]["Integer"];
            /** @description 下次发送的时间 When it is sent next */
            nextAt: components["schemas"]["Instant"] | null;
            /** @description 上次发送的时间 When it was sent last */
            lastAt: components["schemas"]["Instant"] | null;
            /** @description 上次答复的状态码 Status of the last answer */
            status: components["schemas"]["Integer"] | null;
            /** @description 上次失败的原因 Why it did not arrive when it was sent last */
            problem: {
                /** @enum {string} */
                code: "ADDRESS" | "RESOLVE" | "CONNECT" | "TLS" | "TIMEOUT" | "REDIRECT" | "STATUS" | "ANSWER";
                message: components["schemas"]["Label"];
            } | null;
        };
    };
    responses: {
        /** @description `malformed-body` The body is not well-formed 请求体格式错误; `malformed-request` The message is not valid HTTP 请求报文无效; `invalid-parameter` A parameter is not valid 参数无效; `query-too-large` The query asks for too much 查询超出限制; `persisted-query-not-supported` That version of persistedQuery is not taken 不支持该版本的 persistedQuery */
        400: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `unauthorized` A token is needed 需要令牌 */
        401: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `forbidden` Not within what this token may do 超出令牌权限 */
        403: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `not-found` Not found 未找到; `unknown-agency` No such agency in the register 名录中没有该机关; `unknown-division` No such division in the register 名录中没有该行政区划; `persisted-query-not-found` No such query is kept 未保存该查询 */
        404: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `not-acceptable` No acceptable representation 无法提供所要求的格式 */
        406: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `request-timeout` The request came too slowly 请求发送过慢 */
        408: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `already-filed` Already filed 已报送; `conflict` Conflicts with the register 与名录冲突; `year-locked` The year is locked 该年度已锁定; `request-in-flight` The same request is under way 相同请求正在处理; `too-many-subscriptions` Too many subscriptions 订阅过多 */
        409: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `changes-lost` The place in the changes is lost 变更位置已失效 */
        410: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `stale-revision` The revision is stale 版本已过期 */
        412: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `body-too-large` The body is too large 请求体过大 */
        413: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `unsupported-media-type` Unsupported media type 不支持的媒体类型 */
        415: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `invalid-report` Not a valid report 报告内容无效; `invalid-document` The document could not be read as a report 文件无法识别为年度报告; `ambiguous-agency` The document names more than one possible agency 机关名称不唯一; `unbalanced-report` The report breaks its own equations 报告勾稽关系不符; `agency-closed` The agency was not active that year 该机关当年未设立或已撤销; `invalid-change` Not a valid change 变更内容无效; `repeated-in-file` Twice in one file 文件内重复报送; `address-refused` Messages cannot go to that address 推送地址不可用; `not-kept` Not kept, as others were refused 因其他报送被拒而未保存; `key-reused` The idempotency key was used for another request 幂等键已用于其他请求; `invalid-review` Not a valid decision 审核意见无效 */
        422: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `revision-required` If-Match is required 需要 If-Match */
        428: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `too-many-requests` Too many requests 请求过于频繁 */
        429: {
            headers: {
                /** @description 几秒后重试 Seconds after which to try again */
                "Retry-After"?: number;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `headers-too-large` The headers are too large 请求头过大 */
        431: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `internal` Internal error 内部错误 */
        500: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `busy` The database is busy 数据库繁忙; `storage-unavailable` The storage cannot be written 存储暂不可写; `damaged-upload` The file that was sent is damaged 所存文件已损坏; `overloaded` The service is overloaded 服务过载 */
        503: {
            headers: {
                /** @description 几秒后重试 Seconds after which to try again */
                "Retry-After"?: number;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `storage-full` The storage is full 存储空间已满 */
        507: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: {
        /** @description 机关代码：乡镇九位或十二位数字，县六位，或其他代码。数字以国家统计局代码为准，民政部代码前加 MCA- Code in the register: nine or twelve digits of a township, six of a county, or another code. Digits are the statistics bureau's; the ministry's stand after MCA- */
        agency: string;
        /** @description 报告年度，2019 至今年 Report year, 2019 to the current one */
        year: number;
        /** @description 只检查不保存 Do everything but keep it, and answer as the real call would */
        dryRun: boolean;
        /** @description 文件的修订原因 Why a document revises what is filed */
        reason: string;
        /** @description 版本号 Number of the revision, from 1 */
        number: number;
        /** @description 行政区划代码，六位数字；division 的旧名，含义相同 Six digits: the old name of division, which means the same */
        county: string;
        /** @description 行政区划代码，六位数字，任何一级，含其下全部 Six digits of a division of any level, with all below it */
        division: string;
        /** @description 报告年度，2019 至今年 Report year, 2019 to the current one */
        yearOfReports: number;
        /** @description 每页条数，1 至 500，默认 50 Page size, 1 to 500, 50 when left out */
        first: number;
        /** @description 上一页末尾的游标，见其 Link 头 Cursor at which the last page ended, from its Link header */
        after: string;
        /** @description 行政区划代码，六位数字 Six digits: nation 100000, province 430000, prefecture 431200, county 431281 */
        divisionOfChanges: string;
        /** @description 行政区划代码，六位数字 Six digits: nation 100000, province 430000, prefecture 431200, county 431281 */
        divisionOfDivisions: string;
        /** @description 订阅的 id Id of the subscription */
        id: string;
        /** @description 消息的 id Id of the message */
        delivery: string;
        /** @description 编号 Number of the token */
        idOfTokens: number;
        /** @description 格式：json、html、docx、xlsx、csv、pdf One of json, html, docx, xlsx, csv, pdf */
        extension: string;
        /** @description 包含的机关类别，逗号分隔：TOWNSHIP、SUBDISTRICT、DEPARTMENT、OFFICE、OTHER；默认全部 Kinds to include, by comma: TOWNSHIP, SUBDISTRICT, DEPARTMENT, OFFICE, OTHER; default all */
        kinds: string;
        /** @description ALL：已报送的全部，须有读取该区划的令牌；ACCEPTED：仅审核通过的。未指定时，有此令牌的为 ALL，其他为 ACCEPTED ALL: all that was filed, for a token that reads the division; ACCEPTED: only what a reviewer accepted. Left out: ALL with such a token, ACCEPTED without */
        include: "ALL" | "ACCEPTED";
        /** @description 按哪一天的行政区划汇总：AS_REPORTED（默认），各年按其 12 月 31 日；或某日（2018-12-31 起） Whose boundaries: AS_REPORTED (when left out), those of 31 December of the year; or a day, from 2018-12-31 on */
        boundaries: "AS_REPORTED" | string;
        /** @description 只计此刻以前记录的报送、审核与名录变更；默认为现在 Only what was recorded by then of filings, decisions and changes of the register; now when left out */
        knownOn: string;
        /** @description zero：除上年数外预填0，交回时须在“已核对”格填写“是”；省略时各格留空 zero: boxes come with 0, and the form asks for a word that they were checked; empty where it is left out */
        filled: "zero";
        /** @description 状态，逗号分隔：NOT_FILED、REFUSED、SUBMITTED、RETURNED、ACCEPTED、EXEMPT、WITHDRAWN；默认全部 States, by comma: NOT_FILED, REFUSED, SUBMITTED, RETURNED, ACCEPTED, EXEMPT, WITHDRAWN; default all */
        states: string;
        /** @description 只要逾期的，或只要未逾期的 Only those that are late, or that are not */
        late: boolean;
        /** @description 只要有此严重程度的核对结果者 Only those with findings of this severity */
        severity: "error" | "warning" | "info";
        /** @description 格式：json、csv、xlsx One of json, csv, xlsx */
        extensionOfDivisions: string;
        /** @description 只要此规则的 Only those of this rule */
        rule: "T3-FLOW" | "T3-OUTCOME" | "T3-ROW" | "T4-ROW" | "RANGE" | "X-CARRY" | "X-INFORCE" | "X-PREVIOUS" | "T2-REGULATIONS" | "T2-INFORCE" | "P-SUM" | "TEXT-TABLE" | "FORM-LATE" | "FORM-MIXED" | "CUTOFF" | "LENGTH" | "INCOMPLETE";
        /** @description 只要已有说明的，或尚无说明的 Only those of which something was said, or nothing */
        noted: boolean;
        /** @description 日期，YYYY-MM-DD；默认今日 A day, YYYY-MM-DD; today when left out */
        on: string;
        /** @description 代码，逗号分隔，至多 500 个；按所给次序列出全部，不分页 Codes by comma, 500 at most: all of them in their order, on one page */
        codes: string;
        /** @description 报告年度，或 every 表示无专设日期的每年 Report year, or "every" for each year that has no date of its own */
        yearOfDivisions: "every" | number;
        /** @description 生效日期，年-月-日 First day on which it holds, YYYY-MM-DD */
        onOfDivisions: string;
        /** @description 报告年度，2019 至 2099 Report year, 2019 to 2099 */
        yearOfAgencies: number;
        /** @description 机关类别，逗号分隔：TOWNSHIP、SUBDISTRICT、DEPARTMENT、OFFICE、OTHER、COUNTY；默认全部 Kinds of agency, by comma: TOWNSHIP, SUBDISTRICT, DEPARTMENT, OFFICE, OTHER, COUNTY; default all */
        kindsOfExports: string;
        /** @description CSV 以字节顺序标记开头，供 Excel 识别 Begin a CSV with a byte order mark, for Excel */
        bom: boolean;
        /** @description 连同县级政府自行公布的报告（kind 为 COUNTY，不计入任何汇总）；仅要这些用 kinds=COUNTY With the reports that counties publish of their own (kind COUNTY, in no rollup); kinds=COUNTY for these alone */
        own: boolean;
        /** @description wide：每行一份；long：每行一个单元格 wide: a row a report or division; long: a row a cell */
        shape: "wide" | "long";
        /** @description names：列名；zh：印制的中文标题 names of the columns, or zh: their printed headings */
        headings: "names" | "zh";
        /** @description 机关类别，逗号分隔：TOWNSHIP、SUBDISTRICT、DEPARTMENT、OFFICE、OTHER；默认全部 Kinds of agency, by comma: TOWNSHIP, SUBDISTRICT, DEPARTMENT, OFFICE, OTHER; default all */
        kindsOfExportsRollups: string;
        /** @description 只要某一级行政区划 Only divisions of this level */
        level: "NATION" | "PROVINCE" | "PREFECTURE" | "COUNTY";
        /** @description 行政区划代码，六位数字；默认全国 Six digits of a division of any level; the nation when left out */
        divisionOfStatistics: string;
        /** @description 每行一个机关（agency），或一个县级、地级、省级区划；不填则只有该区划本身 A row for each agency, or for each division of a level; left out, for the division itself alone */
        by: "agency" | "county" | "prefecture" | "province";
        /** @description 指标地址，逗号分隔，见 /v1/measures；默认：publishedItems.total、documents.normativeDocuments.issued、documents.normativeDocuments.inForce、decisions.licenses.decided、decisions.penalties.decided、decisions.coercion.decided、fees.administrativeFees.amount、applications.newReceived.total、applications.carriedIn.total、applications.granted.total、applications.partlyGranted.total、applications.refused.total、applications.unavailable.total、applications.processed.total、applications.carriedOut.total、applications.grantedShare、applications.closureRate、appeals.reconsideration.total、appeals.directLitigation.total、coverage.rate Addresses of measures by comma, see /v1/measures; when left out: publishedItems.total, documents.normativeDocuments.issued, documents.normativeDocuments.inForce, decisions.licenses.decided, decisions.penalties.decided, decisions.coercion.decided, fees.administrativeFees.amount, applications.newReceived.total, applications.carriedIn.total, applications.granted.total, applications.partlyGranted.total, applications.refused.total, applications.unavailable.total, applications.processed.total, applications.carriedOut.total, applications.grantedShare, applications.closureRate, appeals.reconsideration.total, appeals.directLitigation.total, coverage.rate */
        measures: string;
        /** @description 年度，逗号分隔，可为范围：2021,2023 或 2019..2025；默认自 2019 至去年 Years by comma, or ranges: 2021,2023 or 2019..2025; when left out, 2019 to last year */
        years: string;
        /** @description 名称的语言；CSV 与 XLSX 的列标题也用此语言（不填则为列名） Language of the labels, and of the headings of CSV and XLSX (their names when left out) */
        lang: "zh" | "en";
        /** @description 报告数：在 extension.counts 中（默认），或作为第四个维度 figure；只用于 JSON-stat Where the counts are: in extension.counts (when left out), or a fourth dimension, figure; of JSON-stat only */
        counts: "extension" | "dimension";
        /** @description 任务编号 Name of the import */
        idOfImports: string;
    };
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    getV1: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 服务一览 What the service has */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Entry"];
                };
            };
            /** @description 未变 Not modified */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            408: components["responses"]["408"];
            415: components["responses"]["415"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    getProblems: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 全部失败类型 Every failure */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Explanation"][];
                    };
                    "text/html": string;
                };
            };
            /** @description 未变 Not modified */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            406: components["responses"]["406"];
            408: components["responses"]["408"];
            415: components["responses"]["415"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    getProblemsName: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description 失败的 type 的末段 The last part of its type */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 说明 The explanation */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Explanation"];
                    "text/html": string;
                };
            };
            /** @description 未变 Not modified */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            406: components["responses"]["406"];
            408: components["responses"]["408"];
            415: components["responses"]["415"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    getReportsAgencyYear: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description 机关代码：乡镇九位或十二位数字，县六位，或其他代码。数字以国家统计局代码为准，民政部代码前加 MCA- Code in the register: nine or twelve digits of a township, six of a county, or another code. Digits are the statistics bureau's; the ministry's stand after MCA- */
                agency: components["parameters"]["agency"];
                /** @description 报告年度，2019 至今年 Report year, 2019 to the current one */
                year: components["parameters"]["year"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 报告 The report */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Report"];
                    "text/html": components["schemas"]["File"];
                    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": components["schemas"]["File"];
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": components["schemas"]["File"];
                    "text/csv": components["schemas"]["File"];
                    "application/pdf": components["schemas"]["File"];
                };
            };
            /** @description 未变 Not modified */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            406: components["responses"]["406"];
            408: components["responses"]["408"];
            415: components["responses"]["415"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    putReportsAgencyYear: {
        parameters: {
            query?: {
                /** @description 只检查不保存 Do everything but keep it, and answer as the real call would */
                dryRun?: components["parameters"]["dryRun"];
                /** @description 文件的修订原因 Why a document revises what is filed */
                reason?: components["parameters"]["reason"];
            };
            header?: never;
            path: {
                /** @description 机关代码：乡镇九位或十二位数字，县六位，或其他代码。数字以国家统计局代码为准，民政部代码前加 MCA- Code in the register: nine or twelve digits of a township, six of a county, or another code. Digits are the statistics bureau's; the ministry's stand after MCA- */
                agency: components["parameters"]["agency"];
                /** @description 报告年度，2019 至今年 Report year, 2019 to the current one */
                year: components["parameters"]["year"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FilingAt"];
                "text/plain": string;
                "text/markdown": string;
                "text/html": string;
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document": string;
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": string;
                "application/pdf": string;
                "application/vnd.oasis.opendocument.text": string;
                "application/vnd.oasis.opendocument.spreadsheet": string;
                "application/msword": string;
                "application/vnd.ms-excel": string;
                "application/wps-office.wps": string;
                "application/wps-office.et": string;
                "multipart/form-data": components["schemas"]["DocumentForm"];
            };
        };
        responses: {
            /** @description 报送结果 The report as it stands after a filing */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FiledReport"];
                };
            };
            /** @description 报送结果 The report as it stands after a filing */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FiledReport"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            408: components["responses"]["408"];
            409: components["responses"]["409"];
            412: components["responses"]["412"];
            413: components["responses"]["413"];
            415: components["responses"]["415"];
            422: components["responses"]["422"];
            428: components["responses"]["428"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
            507: components["responses"]["507"];
        };
    };
    deleteReportsAgencyYear: {
        parameters: {
            query?: {
                /** @description 只检查不保存 Do everything but keep it, and answer as the real call would */
                dryRun?: components["parameters"]["dryRun"];
                /** @description 原因 Why */
                reason?: string;
            };
            header?: never;
            path: {
                /** @description 机关代码：乡镇九位或十二位数字，县六位，或其他代码。数字以国家统计局代码为准，民政部代码前加 MCA- Code in the register: nine or twelve digits of a township, six of a county, or another code. Digits are the statistics bureau's; the ministry's stand after MCA- */
                agency: components["parameters"]["agency"];
                /** @description 报告年度，2019 至今年 Report year, 2019 to the current one */
                year: components["parameters"]["year"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 已撤回 Withdrawn */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            408: components["responses"]["408"];
            409: components["responses"]["409"];
            412: components["responses"]["412"];
            413: components["responses"]["413"];
            415: components["responses"]["415"];
            422: components["responses"]["422"];
            428: components["responses"]["428"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
            507: components["responses"]["507"];
        };
    };
    getReportsAgencyYearRevisions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description 机关代码：乡镇九位或十二位数字，县六位，或其他代码。数字以国家统计局代码为准，民政部代码前加 MCA- Code in the register: nine or twelve digits of a township, six of a county, or another code. Digits are the statistics bureau's; the ministry's stand after MCA- */
                agency: components["parameters"]["agency"];
                /** @description 报告年度，2019 至今年 Report year, 2019 to the current one */
                year: components["parameters"]["year"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 历次版本 Every revision: when, by whom, why, and the cells that changed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Revision"][];
                    };
                };
            };
            /** @description 未变 Not modified */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            408: components["responses"]["408"];
            415: components["responses"]["415"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    getReportsAgencyYearRevisionsNumber: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description 机关代码：乡镇九位或十二位数字，县六位，或其他代码。数字以国家统计局代码为准，民政部代码前加 MCA- Code in the register: nine or twelve digits of a township, six of a county, or another code. Digits are the statistics bureau's; the ministry's stand after MCA- */
                agency: components["parameters"]["agency"];
                /** @description 报告年度，2019 至今年 Report year, 2019 to the current one */
                year: components["parameters"]["year"];
                /** @description 版本号 Number of the revision, from 1 */
                number: components["parameters"]["number"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 一个版本 One immutable revision */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Revision"];
                };
            };
            /** @description 未变 Not modified */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            408: components["responses"]["408"];
            415: components["responses"]["415"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    getReports: {
        parameters: {
            query?: {
                /** @description 行政区划代码，六位数字；division 的旧名，含义相同 Six digits: the old name of division, which means the same */
                county?: components["parameters"]["county"];
                /** @description 机关代码：乡镇九位或十二位数字，县六位，或其他代码。数字以国家统计局代码为准，民政部代码前加 MCA- Code in the register: nine or twelve digits of a township, six of a county, or another code. Digits are the statistics bureau's; the ministry's stand after MCA- */
                agency?: string;
                /** @description 行政区划代码，六位数字，任何一级，含其下全部 Six digits of a division of any level, with all below it */
                division?: components["parameters"]["division"];
                /** @description 报告年度，2019 至今年 Report year, 2019 to the current one */
                year?: components["parameters"]["yearOfReports"];
                /** @description 所示版本的状态：已报送、已通过、已退回 State of what is shown: submitted, accepted or returned */
                state?: "SUBMITTED" | "ACCEPTED" | "RETURNED";
                /** @description 所示版本的 updatedAt 晚于此刻的：此后报送、修订或审核的 Filed or revised or decided about after it: the updatedAt of what is shown is later */
                updatedAfter?: string;
                /** @description 每页条数，1 至 500，默认 50 Page size, 1 to 500, 50 when left out */
                first?: components["parameters"]["first"];
                /** @description 上一页末尾的游标，见其 Link 头 Cursor at which the last page ended, from its Link header */
                after?: components["parameters"]["after"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 列出报告 List reports */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Report"][];
                        totalCount: number;
                    };
                };
            };
            /** @description 未变 Not modified */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            408: components["responses"]["408"];
            415: components["responses"]["415"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    postReports: {
        parameters: {
            query?: {
                /** @description 只检查不保存 Do everything but keep it, and answer as the real call would */
                dryRun?: components["parameters"]["dryRun"];
                /** @description 文件属于哪个机关 Whose a document is; else what it says is looked up */
                agency?: string;
                /** @description 文件的年度 Report year of a document; else what it says */
                year?: number;
                /** @description 文件的修订原因 Why a document revises what is filed */
                reason?: components["parameters"]["reason"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Filing"];
                "text/plain": string;
                "text/markdown": string;
                "text/html": string;
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document": string;
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": string;
                "application/pdf": string;
                "application/vnd.oasis.opendocument.text": string;
                "application/vnd.oasis.opendocument.spreadsheet": string;
                "application/msword": string;
                "application/vnd.ms-excel": string;
                "application/wps-office.wps": string;
                "application/wps-office.et": string;
                "multipart/form-data": components["schemas"]["DocumentForm"];
            };
        };
        responses: {
            /** @description 报送结果 The report as it stands after a filing */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FiledReport"];
                };
            };
            /** @description 报送结果 The report as it stands after a filing */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FiledReport"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            408: components["responses"]["408"];
            409: components["responses"]["409"];
            412: components["responses"]["412"];
            413: components["responses"]["413"];
            415: components["responses"]["415"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
            507: components["responses"]["507"];
        };
    };
    getChanges: {
        parameters: {
            query?: {
                /** @description 上次回答的 next；不给则从头，now 则只要此后的 The `next` of the last answer; from the beginning when left out, only what comes with `now` */
                since?: string;
                /** @description 行政区划代码，六位数字 Six digits: nation 100000, province 430000, prefecture 431200, county 431281 */
                division?: components["parameters"]["divisionOfChanges"];
                /** @description 每份报告的全部变更，默认只给最近一项 Every change of a report, not the last one only */
                every?: boolean;
                /** @description 每页条数，1 至 500，默认 50 Page size, 1 to 500, 50 when left out */
                first?: components["parameters"]["first"];
                /** @description 没有变更时最多等待的秒数，0 至 30，默认不等 Seconds to wait while there is nothing to tell, 0 to 30; none when left out */
                wait?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 变更 What has changed since: filed, accepted, withdrawn, moved … */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        changes: components["schemas"]["Change"][];
                        /** @description 下次的 since The `since` to come back with */
                        next: string;
                        /** @description 还有，可立即再取 There is more already: come back at once */
                        more: boolean;
                    };
                };
            };
            /** @description 未变 Not modified */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            408: components["responses"]["408"];
            410: components["responses"]["410"];
            415: components["responses"]["415"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    postReportsAgencyYearReviews: {
        parameters: {
            query?: {
                /** @description 只检查不保存 Do everything but keep it, and answer as the real call would */
                dryRun?: components["parameters"]["dryRun"];
            };
            header?: never;
            path: {
                /** @description 机关代码：乡镇九位或十二位数字，县六位，或其他代码。数字以国家统计局代码为准，民政部代码前加 MCA- Code in the register: nine or twelve digits of a township, six of a county, or another code. Digits are the statistics bureau's; the ministry's stand after MCA- */
                agency: components["parameters"]["agency"];
                /** @description 报告年度，2019 至今年 Report year, 2019 to the current one */
                year: components["parameters"]["year"];
            };
            cookie?: never;
        };
        /** @description 审核意见 A decision */
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    decision: "ACCEPTED" | "RETURNED";
                    /** @description 所审版本；非现行版本则 412 The revision looked at; 412 when another stands */
                    revision: number;
                    /**
                     * @description 原因，退回时必填 Why; needed for a return
                     * @default null
                     */
                    reason?: string | null;
                };
            };
        };
        responses: {
            /** @description 年度报告 A report as it stands, with its findings */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Report"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            408: components["responses"]["408"];
            409: components["responses"]["409"];
            412: components["responses"]["412"];
            413: components["responses"]["413"];
            415: components["responses"]["415"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
            507: components["responses"]["507"];
        };
    };
    putReportsAgencyYearNotes: {
        parameters: {
            query?: {
                /** @description 只检查不保存 Do everything but keep it, and answer as the real call would */
                dryRun?: components["parameters"]["dryRun"];
            };
            header?: never;
            path: {
                /** @description 机关代码：乡镇九位或十二位数字，县六位，或其他代码。数字以国家统计局代码为准，民政部代码前加 MCA- Code in the register: nine or twelve digits of a township, six of a county, or another code. Digits are the statistics bureau's; the ministry's stand after MCA- */
                agency: components["parameters"]["agency"];
                /** @description 报告年度，2019 至今年 Report year, 2019 to the current one */
                year: components["parameters"]["year"];
            };
            cookie?: never;
        };
        /** @description 对一项核对结果的说明 What is said of a finding */
        requestBody: {
            content: {
                "application/json": {
                    /** @description 规则 Code of the finding */
                    code: string;
                    /** @description 位置 Pointer of the finding */
                    pointer: string;
                    /** @enum {string} */
                    standing: "CONFIRMED" | "EXPLAINED" | "OPEN";
                    /**
                     * @description 说明 The words
                     * @default
                     */
                    text?: string;
                };
            };
        };
        responses: {
            /** @description 年度报告 A report as it stands, with its findings */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Report"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            408: components["responses"]["408"];
            413: components["responses"]["413"];
            415: components["responses"]["415"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
            507: components["responses"]["507"];
        };
    };
    getDivisionsDivisionLocks: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description 行政区划代码，六位数字 Six digits: nation 100000, province 430000, prefecture 431200, county 431281 */
                division: components["parameters"]["divisionOfDivisions"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 锁定的年度 The years locked for a division itself */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Lock"][];
                    };
                };
            };
            /** @description 未变 Not modified */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            408: components["responses"]["408"];
            415: components["responses"]["415"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    putDivisionsDivisionLocksYear: {
        parameters: {
            query?: {
                /** @description 只检查不保存 Do everything but keep it, and answer as the real call would */
                dryRun?: components["parameters"]["dryRun"];
            };
            header?: never;
            path: {
                /** @description 行政区划代码，六位数字 Six digits: nation 100000, province 430000, prefecture 431200, county 431281 */
                division: components["parameters"]["divisionOfDivisions"];
                /** @description 报告年度，2019 至今年 Report year, 2019 to the current one */
                year: components["parameters"]["year"];
            };
            cookie?: never;
        };
        /** @description 锁定 A lock */
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * Format: date
                     * @description 日期 A day, YYYY-MM-DD
                     */
                    since: string;
                    reason: string;
                };
            };
        };
        responses: {
            /** @description 锁定的年度 A year closed to filing */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Lock"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            408: components["responses"]["408"];
            413: components["responses"]["413"];
            415: components["responses"]["415"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
            507: components["responses"]["507"];
        };
    };
    deleteDivisionsDivisionLocksYear: {
        parameters: {
            query?: {
                /** @description 只检查不保存 Do everything but keep it, and answer as the real call would */
                dryRun?: components["parameters"]["dryRun"];
            };
            header?: never;
            path: {
                /** @description 行政区划代码，六位数字 Six digits: nation 100000, province 430000, prefecture 431200, county 431281 */
                division: components["parameters"]["divisionOfDivisions"];
                /** @description 报告年度，2019 至今年 Report year, 2019 to the current one */
                year: components["parameters"]["year"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 已解锁 Open */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            408: components["responses"]["408"];
            413: components["responses"]["413"];
            415: components["responses"]["415"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
            507: components["responses"]["507"];
        };
    };
    putDivisionsDivisionLocksYearExceptionsAgency: {
        parameters: {
            query?: {
                /** @description 只检查不保存 Do everything but keep it, and answer as the real call would */
                dryRun?: components["parameters"]["dryRun"];
            };
            header?: never;
            path: {
                /** @description 行政区划代码，六位数字 Six digits: nation 100000, province 430000, prefecture 431200, county 431281 */
                division: components["parameters"]["divisionOfDivisions"];
                /** @description 报告年度，2019 至今年 Report year, 2019 to the current one */
                year: components["parameters"]["year"];
                /** @description 机关代码：乡镇九位或十二位数字，县六位，或其他代码。数字以国家统计局代码为准，民政部代码前加 MCA- Code in the register: nine or twelve digits of a township, six of a county, or another code. Digits are the statistics bureau's; the ministry's stand after MCA- */
                agency: components["parameters"]["agency"];
            };
            cookie?: never;
        };
        /** @description 例外 An exception */
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description 最后一日；null 为不限 The last day; null as long as the lock holds
                     * @default null
                     */
                    until?: string | null;
                    reason: string;
                };
            };
        };
        responses: {
            /** @description 锁定的年度 A year closed to filing */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Lock"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            408: components["responses"]["408"];
            413: components["responses"]["413"];
            415: components["responses"]["415"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
            507: components["responses"]["507"];
        };
    };
    deleteDivisionsDivisionLocksYearExceptionsAgency: {
        parameters: {
            query?: {
                /** @description 只检查不保存 Do everything but keep it, and answer as the real call would */
                dryRun?: components["parameters"]["dryRun"];
            };
            header?: never;
            path: {
                /** @description 行政区划代码，六位数字 Six digits: nation 100000, province 430000, prefecture 431200, county 431281 */
                division: components["parameters"]["divisionOfDivisions"];
                /** @description 报告年度，2019 至今年 Report year, 2019 to the current one */
                year: components["parameters"]["year"];
                /** @description 机关代码：乡镇九位或十二位数字，县六位，或其他代码。数字以国家统计局代码为准，民政部代码前加 MCA- Code in the register: nine or twelve digits of a township, six of a county, or another code. Digits are the statistics bureau's; the ministry's stand after MCA- */
                agency: components["parameters"]["agency"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 已取消 Taken back */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            408: components["responses"]["408"];
            413: components["responses"]["413"];
            415: components["responses"]["415"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
            507: components["responses"]["507"];
        };
    };
    getSubscriptions: {
        parameters: {
            query?: {
                /** @description 每页条数，1 至 500，默认 50 Page size, 1 to 500, 50 when left out */
                first?: components["parameters"]["first"];
                /** @description 上一页末尾的游标，见其 Link 头 Cursor at which the last page ended, from its Link header */
                after?: components["parameters"]["after"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 列出订阅 The subscriptions of the token, and of tokens that it may end */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Subscription"][];
                    };
                };
            };
            /** @description 未变 Not modified */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            408: components["responses"]["408"];
            415: components["responses"]["415"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    postSubscriptions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description 订阅 A subscription */
        requestBody: {
            content: {
                "application/json": {
                    /** @description 接收方地址：https；http 只用于 WEBHOOK_NETWORKS 逐一列出的网络 Where messages go: an address of https; of http only within networks that WEBHOOK_NETWORKS names by their addresses */
                    url: string;
                    /** @description 行政区划及其以下，须为令牌可读；不给则为 /v1/changes 告知该令牌的全部 A division with all below it, which the token reads; all that /v1/changes tells the token when left out */
                    division?: string;
                    /** @description 哪些变更；null 为全部；副本须重建的消息（feed.…）总会推送 Which changes; null is all. That a copy is to start again (`feed.…`) is always sent */
                    types?: string[] | null;
                    /** @description 备注 What it is for */
                    description?: string | null;
                };
            };
        };
        responses: {
            /** @description 订阅及其密钥 A subscription with its secret */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewSubscription"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            408: components["responses"]["408"];
            409: components["responses"]["409"];
            413: components["responses"]["413"];
            415: components["responses"]["415"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
            507: components["responses"]["507"];
        };
    };
    postSubscriptionsIdSecret: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description 订阅的 id Id of the subscription */
                id: components["parameters"]["id"];
            };
            cookie?: never;
        };
        /** @description 旧密钥留用多久，可不给 How long the former one is kept; may be left out */
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description 旧密钥同时签名的小时数，0 至 168，默认 24 Hours for which the former secret signs, too: 0 to 168, 24 when left out
                     * @default 24
                     */
                    keepHours?: number;
                } | null;
            };
        };
        responses: {
            /** @description 订阅及其密钥 A subscription with its secret */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewSubscription"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            408: components["responses"]["408"];
            413: components["responses"]["413"];
            415: components["responses"]["415"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
            507: components["responses"]["507"];
        };
    };
    getSubscriptionsId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description 订阅的 id Id of the subscription */
                id: components["parameters"]["id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 订阅 A subscription, without its secret */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Subscription"];
                };
            };
            /** @description 未变 Not modified */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            408: components["responses"]["408"];
            415: components["responses"]["415"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    deleteSubscriptionsId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description 订阅的 id Id of the subscription */
                id: components["parameters"]["id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 已取消 Ended */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            408: components["responses"]["408"];
            413: components["responses"]["413"];
            415: components["responses"]["415"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
            507: components["responses"]["507"];
        };
    };
    patchSubscriptionsId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description 订阅的 id Id of the subscription */
                id: components["parameters"]["id"];
            };
            cookie?: never;
        };
        /** @description 改动 What is to be otherwise */
        requestBody: {
            content: {
                "application/json": {
                    /** @description 接收方地址：https；http 只用于 WEBHOOK_NETWORKS 逐一列出的网络 Where messages go: an address of https; of http only within networks that WEBHOOK_NETWORKS names by their addresses */
                    url?: string;
                    /** @description 哪些变更；null 为全部；副本须重建的消息（feed.…）总会推送 Which changes; null is all. That a copy is to start again (`feed.…`) is always sent */
                    types?: string[] | null;
                    /** @description 备注 What it is for */
                    description?: string | null;
                    /** @description 暂停；false 为自原处继续 Pause it; false goes on where it was */
                    paused?: boolean;
                };
            };
        };
        responses: {
            /** @description 订阅 A subscription, without its secret */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Subscription"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            408: components["responses"]["408"];
            413: components["responses"]["413"];
            415: components["responses"]["415"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
            507: components["responses"]["507"];
        };
    };
    getSubscriptionsIdDeliveries: {
        parameters: {
            query?: {
                /** @description WAITING 待发、DELIVERED 已送达、FAILED 已放弃 WAITING to be sent, DELIVERED, or FAILED: given up */
                state?: "WAITING" | "DELIVERED" | "FAILED";
                /** @description 每页条数，1 至 500，默认 50 Page size, 1 to 500, 50 when left out */
                first?: components["parameters"]["first"];
                /** @description 上一页末尾的游标，见其 Link 头 Cursor at which the last page ended, from its Link header */
                after?: components["parameters"]["after"];
            };
            header?: never;
            path: {
                /** @description 订阅的 id Id of the subscription */
                id: components["parameters"]["id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 消息及其结果 Messages to a subscriber, the newest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Delivery"][];
                    };
                };
            };
            /** @description 未变 Not modified */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            408: components["responses"]["408"];
            415: components["responses"]["415"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    getSubscriptionsIdDeliveriesDelivery: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description 订阅的 id Id of the subscription */
                id: components["parameters"]["id"];
                /** @description 消息的 id Id of the message */
                delivery: components["parameters"]["delivery"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 一条消息 A message to a subscriber */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Delivery"];
                };
            };
            /** @description 未变 Not modified */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            408: components["responses"]["408"];
            415: components["responses"]["415"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    postSubscriptionsIdTest: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description 订阅的 id Id of the subscription */
                id: components["parameters"]["id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 一条消息 A message to a subscriber */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Delivery"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            408: components["responses"]["408"];
            409: components["responses"]["409"];
            413: components["responses"]["413"];
            415: components["responses"]["415"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
            507: components["responses"]["507"];
        };
    };
    postSubscriptionsIdDeliveriesDeliveryAttempts: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description 订阅的 id Id of the subscription */
                id: components["parameters"]["id"];
                /** @description 消息的 id Id of the message */
                delivery: components["parameters"]["delivery"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 一条消息 A message to a subscriber */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Delivery"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            408: components["responses"]["408"];
            409: components["responses"]["409"];
            413: components["responses"]["413"];
            415: components["responses"]["415"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
            507: components["responses"]["507"];
        };
    };
    postSubscriptionsIdAttempts: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description 订阅的 id Id of the subscription */
                id: components["parameters"]["id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 将重发多少条 How many are sent again */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        repeated: components["schemas"]["Integer"];
                    };
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            408: components["responses"]["408"];
            409: components["responses"]["409"];
            413: components["responses"]["413"];
            415: components["responses"]["415"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
            507: components["responses"]["507"];
        };
    };
    getTokens: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 列出令牌 The tokens you administer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Token"][];
                    };
                };
            };
            /** @description 未变 Not modified */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            408: components["responses"]["408"];
            415: components["responses"]["415"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    postTokens: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description 令牌 A token */
        requestBody: {
            content: {
                "application/json": {
                    /** @description 名称，记入版本和日志 Name, kept with what it does */
                    name: string;
                    grants: {
                        /**
                         * @description read 读取未公开的、file 报送、review 审核与锁定、register 名录、admin 令牌与以上全部 read: what is not public; file; review, and lock years; register; admin: tokens and all of these
                         * @enum {string}
                         */
                        scope: "read" | "file" | "review" | "register" | "admin";
                        /** @description 行政区划及其以下 A division with all below it */
                        division?: string;
                        /** @description 一个机关 One agency */
                        agency?: string;
                    }[];
                    /**
                     * Format: date-time
                     * @description 到期时间；null 为长期 When it ends; null is never
                     */
                    expiresAt?: string | null;
                };
            };
        };
        responses: {
            /** @description 令牌及其全文 A token with its text */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewToken"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            408: components["responses"]["408"];
            409: components["responses"]["409"];
            413: components["responses"]["413"];
            415: components["responses"]["415"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
            507: components["responses"]["507"];
        };
    };
    postTokensIdRotation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description 编号 Number of the token */
                id: components["parameters"]["idOfTokens"];
            };
            cookie?: never;
        };
        /** @description 新的到期时间 When the new one ends */
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * Format: date-time
                     * @description 到期时间；null 为长期 When it ends; null is never
                     */
                    expiresAt?: string | null;
                };
            };
        };
        responses: {
            /** @description 令牌及其全文 A token with its text */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewToken"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            408: components["responses"]["408"];
            413: components["responses"]["413"];
            415: components["responses"]["415"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
            507: components["responses"]["507"];
        };
    };
    deleteTokensId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description 编号 Number of the token */
                id: components["parameters"]["idOfTokens"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 令牌 A token, without its text */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Token"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            408: components["responses"]["408"];
            413: components["responses"]["413"];
            415: components["responses"]["415"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
            507: components["responses"]["507"];
        };
    };
    getAudit: {
        parameters: {
            query?: {
                /** @description 县级或以上行政区划，默认全国 A county or any division above */
                division?: string;
                /** @description 自（含） From this instant on */
                from?: string;
                /** @description 至（不含） Before this instant */
                to?: string;
                /** @description 每页条数，1 至 500，默认 50 Page size, 1 to 500, 50 when left out */
                first?: components["parameters"]["first"];
                /** @description 上一页末尾的游标，见其 Link 头 Cursor at which the last page ended, from its Link header */
                after?: components["parameters"]["after"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 操作日志 What was done, by whom, when and from where */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["AuditEntry"][];
                    };
                };
            };
            /** @description 未变 Not modified */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            408: components["responses"]["408"];
            415: components["responses"]["415"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    getReportsAgencyYearExtension: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description 机关代码：乡镇九位或十二位数字，县六位，或其他代码。数字以国家统计局代码为准，民政部代码前加 MCA- Code in the register: nine or twelve digits of a township, six of a county, or another code. Digits are the statistics bureau's; the ministry's stand after MCA- */
                agency: components["parameters"]["agency"];
                /** @description 报告年度，2019 至今年 Report year, 2019 to the current one */
                year: components["parameters"]["year"];
                /** @description 格式：json、html、docx、xlsx、csv、pdf One of json, html, docx, xlsx, csv, pdf */
                extension: components["parameters"]["extension"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 报告 The report */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Report"];
                    "text/html": components["schemas"]["File"];
                    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": components["schemas"]["File"];
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": components["schemas"]["File"];
                    "text/csv": components["schemas"]["File"];
                    "application/pdf": components["schemas"]["File"];
                };
            };
            /** @description 未变 Not modified */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            408: components["responses"]["408"];
            415: components["responses"]["415"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    getRollupsDivisionYearExtension: {
        parameters: {
            query?: {
                /** @description 包含的机关类别，逗号分隔：TOWNSHIP、SUBDISTRICT、DEPARTMENT、OFFICE、OTHER；默认全部 Kinds to include, by comma: TOWNSHIP, SUBDISTRICT, DEPARTMENT, OFFICE, OTHER; default all */
                kinds?: components["parameters"]["kinds"];
                /** @description ALL：已报送的全部，须有读取该区划的令牌；ACCEPTED：仅审核通过的。未指定时，有此令牌的为 ALL，其他为 ACCEPTED ALL: all that was filed, for a token that reads the division; ACCEPTED: only what a reviewer accepted. Left out: ALL with such a token, ACCEPTED without */
                include?: components["parameters"]["include"];
                /** @description 按哪一天的行政区划汇总：AS_REPORTED（默认），各年按其 12 月 31 日；或某日（2018-12-31 起） Whose boundaries: AS_REPORTED (when left out), those of 31 December of the year; or a day, from 2018-12-31 on */
                boundaries?: components["parameters"]["boundaries"];
                /** @description 只计此刻以前记录的报送、审核与名录变更；默认为现在 Only what was recorded by then of filings, decisions and changes of the register; now when left out */
                knownOn?: components["parameters"]["knownOn"];
            };
            header?: never;
            path: {
                /** @description 行政区划代码，六位数字 Six digits: nation 100000, province 430000, prefecture 431200, county 431281 */
                division: components["parameters"]["divisionOfDivisions"];
                /** @description 报告年度，2019 至今年 Report year, 2019 to the current one */
                year: components["parameters"]["year"];
                /** @description 格式：json、html、docx、xlsx、csv、pdf One of json, html, docx, xlsx, csv, pdf */
                extension: components["parameters"]["extension"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 汇总 The rollup */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Rollup"];
                    "text/html": components["schemas"]["File"];
                    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": components["schemas"]["File"];
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": components["schemas"]["File"];
                    "text/csv": components["schemas"]["File"];
                    "application/pdf": components["schemas"]["File"];
                };
            };
            /** @description 未变 Not modified */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            408: components["responses"]["408"];
            415: components["responses"]["415"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    getAgenciesAgencyBlankFormYearExtension: {
        parameters: {
            query?: {
                /** @description zero：除上年数外预填0，交回时须在“已核对”格填写“是”；省略时各格留空 zero: boxes come with 0, and the form asks for a word that they were checked; empty where it is left out */
                filled?: components["parameters"]["filled"];
            };
            header?: never;
            path: {
                /** @description 机关代码：乡镇九位或十二位数字，县六位，或其他代码。数字以国家统计局代码为准，民政部代码前加 MCA- Code in the register: nine or twelve digits of a township, six of a county, or another code. Digits are the statistics bureau's; the ministry's stand after MCA- */
                agency: components["parameters"]["agency"];
                /** @description 报告年度，2019 至今年 Report year, 2019 to the current one */
                year: components["parameters"]["year"];
                /** @description 格式：xlsx、docx One of xlsx, docx */
                extension: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 空白报表 The form */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": components["schemas"]["File"];
                    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": components["schemas"]["File"];
                };
            };
            /** @description 未变 Not modified */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            408: components["responses"]["408"];
            415: components["responses"]["415"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    getDivisionsDivisionBlankFormsYearZip: {
        parameters: {
            query?: {
                /** @description zero：除上年数外预填0，交回时须在“已核对”格填写“是”；省略时各格留空 zero: boxes come with 0, and the form asks for a word that they were checked; empty where it is left out */
                filled?: components["parameters"]["filled"];
                /** @description 每份的格式，默认 xlsx The format of each; xlsx by default */
                format?: "xlsx" | "docx";
            };
            header?: never;
            path: {
                /** @description 行政区划代码，六位数字 Six digits: nation 100000, province 430000, prefecture 431200, county 431281 */
                division: components["parameters"]["divisionOfDivisions"];
                /** @description 报告年度，2019 至今年 Report year, 2019 to the current one */
                year: components["parameters"]["year"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 压缩文件 The archive */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/zip": components["schemas"]["File"];
                };
            };
            /** @description 未变 Not modified */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            408: components["responses"]["408"];
            415: components["responses"]["415"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    getReportsAgencyYearDocument: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description 机关代码：乡镇九位或十二位数字，县六位，或其他代码。数字以国家统计局代码为准，民政部代码前加 MCA- Code in the register: nine or twelve digits of a township, six of a county, or another code. Digits are the statistics bureau's; the ministry's stand after MCA- */
                agency: components["parameters"]["agency"];
                /** @description 报告年度，2019 至今年 Report year, 2019 to the current one */
                year: components["parameters"]["year"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 原件，按其自身的媒体类型 The document, of its own media type */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": components["schemas"]["File"];
                    "text/markdown": components["schemas"]["File"];
                    "text/html": components["schemas"]["File"];
                    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": components["schemas"]["File"];
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": components["schemas"]["File"];
                    "application/pdf": components["schemas"]["File"];
                    "application/vnd.oasis.opendocument.text": components["schemas"]["File"];
                    "application/vnd.oasis.opendocument.spreadsheet": components["schemas"]["File"];
                    "application/msword": components["schemas"]["File"];
                    "application/vnd.ms-excel": components["schemas"]["File"];
                    "application/wps-office.wps": components["schemas"]["File"];
                    "application/wps-office.et": components["schemas"]["File"];
                    "application/octet-stream": components["schemas"]["File"];
                };
            };
            /** @description 未变 Not modified */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            408: components["responses"]["408"];
            415: components["responses"]["415"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    getReportsAgencyYearRevisionsNumberDocument: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description 机关代码：乡镇九位或十二位数字，县六位，或其他代码。数字以国家统计局代码为准，民政部代码前加 MCA- Code in the register: nine or twelve digits of a township, six of a county, or another code. Digits are the statistics bureau's; the ministry's stand after MCA- */
                agency: components["parameters"]["agency"];
                /** @description 报告年度，2019 至今年 Report year, 2019 to the current one */
                year: components["parameters"]["year"];
                /** @description 版本号 Number of the revision, from 1 */
                number: components["parameters"]["number"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 原件，按其自身的媒体类型 The document, of its own media type */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": components["schemas"]["File"];
                    "text/markdown": components["schemas"]["File"];
                    "text/html": components["schemas"]["File"];
                    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": components["schemas"]["File"];
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": components["schemas"]["File"];
                    "application/pdf": components["schemas"]["File"];
                    "application/vnd.oasis.opendocument.text": components["schemas"]["File"];
                    "application/vnd.oasis.opendocument.spreadsheet": components["schemas"]["File"];
                    "application/msword": components["schemas"]["File"];
                    "application/vnd.ms-excel": components["schemas"]["File"];
                    "application/wps-office.wps": components["schemas"]["File"];
                    "application/wps-office.et": components["schemas"]["File"];
                    "application/octet-stream": components["schemas"]["File"];
                };
            };
            /** @description 未变 Not modified */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            408: components["responses"]["408"];
            415: components["responses"]["415"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    getReportsAgencyYearDocumentPlaces: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description 机关代码：乡镇九位或十二位数字，县六位，或其他代码。数字以国家统计局代码为准，民政部代码前加 MCA- Code in the register: nine or twelve digits of a township, six of a county, or another code. Digits are the statistics bureau's; the ministry's stand after MCA- */
                agency: components["parameters"]["agency"];
                /** @description 报告年度，2019 至今年 Report year, 2019 to the current one */
                year: components["parameters"]["year"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 各数字在文件中的位置 Where in the document each figure was read */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DocumentPlaces"];
                };
            };
            /** @description 未变 Not modified */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            408: components["responses"]["408"];
            415: components["responses"]["415"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    getReportsAgencyYearRevisionsNumberDocumentPlaces: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description 机关代码：乡镇九位或十二位数字，县六位，或其他代码。数字以国家统计局代码为准，民政部代码前加 MCA- Code in the register: nine or twelve digits of a township, six of a county, or another code. Digits are the statistics bureau's; the ministry's stand after MCA- */
                agency: components["parameters"]["agency"];
                /** @description 报告年度，2019 至今年 Report year, 2019 to the current one */
                year: components["parameters"]["year"];
                /** @description 版本号 Number of the revision, from 1 */
                number: components["parameters"]["number"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 各数字在文件中的位置 Where in the document each figure was read */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DocumentPlaces"];
                };
            };
            /** @description 未变 Not modified */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            408: components["responses"]["408"];
            415: components["responses"]["415"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    getDivisionsDivisionRefusalsRefusalDocument: {
        parameters: {
            query?: {
                /** @description 报告年度，2019 至今年 Report year, 2019 to the current one */
                year?: components["parameters"]["yearOfReports"];
            };
            header?: never;
            path: {
                /** @description 行政区划代码，六位数字 Six digits: nation 100000, province 430000, prefecture 431200, county 431281 */
                division: components["parameters"]["divisionOfDivisions"];
                /** @description 被拒报送的编号 Number of the refusal, as its address has it */
                refusal: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 原件，按其自身的媒体类型 The document, of its own media type */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": components["schemas"]["File"];
                    "text/markdown": components["schemas"]["File"];
                    "text/html": components["schemas"]["File"];
                    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": components["schemas"]["File"];
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": components["schemas"]["File"];
                    "application/pdf": components["schemas"]["File"];
                    "application/vnd.oasis.opendocument.text": components["schemas"]["File"];
                    "application/vnd.oasis.opendocument.spreadsheet": components["schemas"]["File"];
                    "application/msword": components["schemas"]["File"];
                    "application/vnd.ms-excel": components["schemas"]["File"];
                    "application/wps-office.wps": components["schemas"]["File"];
                    "application/wps-office.et": components["schemas"]["File"];
                    "application/octet-stream": components["schemas"]["File"];
                };
            };
            /** @description 未变 Not modified */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            408: components["responses"]["408"];
            415: components["responses"]["415"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    getDivisionsDivisionFilingsYear: {
        parameters: {
            query?: {
                /** @description 状态，逗号分隔：NOT_FILED、REFUSED、SUBMITTED、RETURNED、ACCEPTED、EXEMPT、WITHDRAWN；默认全部 States, by comma: NOT_FILED, REFUSED, SUBMITTED, RETURNED, ACCEPTED, EXEMPT, WITHDRAWN; default all */
                states?: components["parameters"]["states"];
                /** @description 只要逾期的，或只要未逾期的 Only those that are late, or that are not */
                late?: components["parameters"]["late"];
                /** @description 只要有此严重程度的核对结果者 Only those with findings of this severity */
                severity?: components["parameters"]["severity"];
                /** @description 每页条数，1 至 500，默认 50 Page size, 1 to 500, 50 when left out */
                first?: components["parameters"]["first"];
                /** @description 上一页末尾的游标，见其 Link 头 Cursor at which the last page ended, from its Link header */
                after?: components["parameters"]["after"];
            };
            header?: never;
            path: {
                /** @description 行政区划代码，六位数字 Six digits: nation 100000, province 430000, prefecture 431200, county 431281 */
                division: components["parameters"]["divisionOfDivisions"];
                /** @description 报告年度，2019 至今年 Report year, 2019 to the current one */
                year: components["parameters"]["year"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 报送情况 The filings */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FilingsOfYear"];
                    "text/csv": components["schemas"]["File"];
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": components["schemas"]["File"];
                };
            };
            /** @description 未变 Not modified */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            406: components["responses"]["406"];
            408: components["responses"]["408"];
            415: components["responses"]["415"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    getDivisionsDivisionFilingsYearExtension: {
        parameters: {
            query?: {
                /** @description 状态，逗号分隔：NOT_FILED、REFUSED、SUBMITTED、RETURNED、ACCEPTED、EXEMPT、WITHDRAWN；默认全部 States, by comma: NOT_FILED, REFUSED, SUBMITTED, RETURNED, ACCEPTED, EXEMPT, WITHDRAWN; default all */
                states?: components["parameters"]["states"];
                /** @description 只要逾期的，或只要未逾期的 Only those that are late, or that are not */
                late?: components["parameters"]["late"];
                /** @description 只要有此严重程度的核对结果者 Only those with findings of this severity */
                severity?: components["parameters"]["severity"];
                /** @description 每页条数，1 至 500，默认 50 Page size, 1 to 500, 50 when left out */
                first?: components["parameters"]["first"];
                /** @description 上一页末尾的游标，见其 Link 头 Cursor at which the last page ended, from its Link header */
                after?: components["parameters"]["after"];
            };
            header?: never;
            path: {
                /** @description 行政区划代码，六位数字 Six digits: nation 100000, province 430000, prefecture 431200, county 431281 */
                division: components["parameters"]["divisionOfDivisions"];
                /** @description 报告年度，2019 至今年 Report year, 2019 to the current one */
                year: components["parameters"]["year"];
                /** @description 格式：json、csv、xlsx One of json, csv, xlsx */
                extension: components["parameters"]["extensionOfDivisions"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 报送情况 The filings */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FilingsOfYear"];
                    "text/csv": components["schemas"]["File"];
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": components["schemas"]["File"];
                };
            };
            /** @description 未变 Not modified */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            408: components["responses"]["408"];
            415: components["responses"]["415"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    getDivisionsDivisionFindingsYear: {
        parameters: {
            query?: {
                /** @description 只要有此严重程度的核对结果者 Only those with findings of this severity */
                severity?: components["parameters"]["severity"];
                /** @description 只要此规则的 Only those of this rule */
                rule?: components["parameters"]["rule"];
                /** @description 只要已有说明的，或尚无说明的 Only those of which something was said, or nothing */
                noted?: components["parameters"]["noted"];
                /** @description 每页条数，1 至 500，默认 50 Page size, 1 to 500, 50 when left out */
                first?: components["parameters"]["first"];
                /** @description 上一页末尾的游标，见其 Link 头 Cursor at which the last page ended, from its Link header */
                after?: components["parameters"]["after"];
            };
            header?: never;
            path: {
                /** @description 行政区划代码，六位数字 Six digits: nation 100000, province 430000, prefecture 431200, county 431281 */
                division: components["parameters"]["divisionOfDivisions"];
                /** @description 报告年度，2019 至今年 Report year, 2019 to the current one */
                year: components["parameters"]["year"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 核对结果 The findings */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FindingsOfYear"];
                    "text/csv": components["schemas"]["File"];
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": components["schemas"]["File"];
                };
            };
            /** @description 未变 Not modified */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            406: components["responses"]["406"];
            408: components["responses"]["408"];
            415: components["responses"]["415"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    getDivisionsDivisionFindingsYearExtension: {
        parameters: {
            query?: {
                /** @description 只要有此严重程度的核对结果者 Only those with findings of this severity */
                severity?: components["parameters"]["severity"];
                /** @description 只要此规则的 Only those of this rule */
                rule?: components["parameters"]["rule"];
                /** @description 只要已有说明的，或尚无说明的 Only those of which something was said, or nothing */
                noted?: components["parameters"]["noted"];
                /** @description 每页条数，1 至 500，默认 50 Page size, 1 to 500, 50 when left out */
                first?: components["parameters"]["first"];
                /** @description 上一页末尾的游标，见其 Link 头 Cursor at which the last page ended, from its Link header */
                after?: components["parameters"]["after"];
            };
            header?: never;
            path: {
                /** @description 行政区划代码，六位数字 Six digits: nation 100000, province 430000, prefecture 431200, county 431281 */
                division: components["parameters"]["divisionOfDivisions"];
                /** @description 报告年度，2019 至今年 Report year, 2019 to the current one */
                year: components["parameters"]["year"];
                /** @description 格式：json、csv、xlsx One of json, csv, xlsx */
                extension: components["parameters"]["extensionOfDivisions"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 核对结果 The findings */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FindingsOfYear"];
                    "text/csv": components["schemas"]["File"];
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": components["schemas"]["File"];
                };
            };
            /** @description 未变 Not modified */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            408: components["responses"]["408"];
            415: components["responses"]["415"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    getDivisionsDivisionLedgerYearExtension: {
        parameters: {
            query?: {
                /** @description 包含的机关类别，逗号分隔：TOWNSHIP、SUBDISTRICT、DEPARTMENT、OFFICE、OTHER；默认全部 Kinds to include, by comma: TOWNSHIP, SUBDISTRICT, DEPARTMENT, OFFICE, OTHER; default all */
                kinds?: components["parameters"]["kinds"];
                /** @description ALL：已报送的全部，须有读取该区划的令牌；ACCEPTED：仅审核通过的。未指定时，有此令牌的为 ALL，其他为 ACCEPTED ALL: all that was filed, for a token that reads the division; ACCEPTED: only what a reviewer accepted. Left out: ALL with such a token, ACCEPTED without */
                include?: components["parameters"]["include"];
            };
            header?: never;
            path: {
                /** @description 行政区划代码，六位数字 Six digits: nation 100000, province 430000, prefecture 431200, county 431281 */
                division: components["parameters"]["divisionOfDivisions"];
                /** @description 报告年度，2019 至今年 Report year, 2019 to the current one */
                year: components["parameters"]["year"];
                /** @description 格式：html、docx、xlsx、csv、pdf One of html, docx, xlsx, csv, pdf */
                extension: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 分乡镇一览表 The ledger */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": components["schemas"]["File"];
                    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": components["schemas"]["File"];
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": components["schemas"]["File"];
                    "text/csv": components["schemas"]["File"];
                    "application/pdf": components["schemas"]["File"];
                };
            };
            /** @description 未变 Not modified */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            408: components["responses"]["408"];
            415: components["responses"]["415"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    getDivisionsDivisionRefusals: {
        parameters: {
            query?: {
                /** @description 报告年度，2019 至今年 Report year, 2019 to the current one */
                year?: components["parameters"]["yearOfReports"];
                /** @description 每页条数，1 至 500，默认 50 Page size, 1 to 500, 50 when left out */
                first?: components["parameters"]["first"];
                /** @description 上一页末尾的游标，见其 Link 头 Cursor at which the last page ended, from its Link header */
                after?: components["parameters"]["after"];
            };
            header?: never;
            path: {
                /** @description 行政区划代码，六位数字 Six digits: nation 100000, province 430000, prefecture 431200, county 431281 */
                division: components["parameters"]["divisionOfDivisions"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 被拒的报送 What was refused, the latest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusals"];
                };
            };
            /** @description 未变 Not modified */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            408: components["responses"]["408"];
            415: components["responses"]["415"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    getRollupsDivisionYear: {
        parameters: {
            query?: {
                /** @description 包含的机关类别，逗号分隔：TOWNSHIP、SUBDISTRICT、DEPARTMENT、OFFICE、OTHER；默认全部 Kinds to include, by comma: TOWNSHIP, SUBDISTRICT, DEPARTMENT, OFFICE, OTHER; default all */
                kinds?: components["parameters"]["kinds"];
                /** @description ALL：已报送的全部，须有读取该区划的令牌；ACCEPTED：仅审核通过的。未指定时，有此令牌的为 ALL，其他为 ACCEPTED ALL: all that was filed, for a token that reads the division; ACCEPTED: only what a reviewer accepted. Left out: ALL with such a token, ACCEPTED without */
                include?: components["parameters"]["include"];
                /** @description 按哪一天的行政区划汇总：AS_REPORTED（默认），各年按其 12 月 31 日；或某日（2018-12-31 起） Whose boundaries: AS_REPORTED (when left out), those of 31 December of the year; or a day, from 2018-12-31 on */
                boundaries?: components["parameters"]["boundaries"];
                /** @description 只计此刻以前记录的报送、审核与名录变更；默认为现在 Only what was recorded by then of filings, decisions and changes of the register; now when left out */
                knownOn?: components["parameters"]["knownOn"];
            };
            header?: never;
            path: {
                /** @description 行政区划代码，六位数字 Six digits: nation 100000, province 430000, prefecture 431200, county 431281 */
                division: components["parameters"]["divisionOfDivisions"];
                /** @description 报告年度，2019 至今年 Report year, 2019 to the current one */
                year: components["parameters"]["year"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 汇总 The rollup */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Rollup"];
                    "text/html": components["schemas"]["File"];
                    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": components["schemas"]["File"];
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": components["schemas"]["File"];
                    "text/csv": components["schemas"]["File"];
                    "application/pdf": components["schemas"]["File"];
                };
            };
            /** @description 未变 Not modified */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            406: components["responses"]["406"];
            408: components["responses"]["408"];
            415: components["responses"]["415"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    getForms: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 各版格式 The printed forms */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Form"][];
                    };
                };
            };
            /** @description 未变 Not modified */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            408: components["responses"]["408"];
            415: components["responses"]["415"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    getFormsId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description 格式：2021、2019、mixed The form: 2021, 2019, mixed */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 格式 A printed form as data: tables, rows, columns, cells, equations */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Form"];
                };
            };
            /** @description 未变 Not modified */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            408: components["responses"]["408"];
            415: components["responses"]["415"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    getRules: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 核对规则 The checks */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Rule"][];
                    };
                };
            };
            /** @description 未变 Not modified */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            408: components["responses"]["408"];
            415: components["responses"]["415"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    getMeasures: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 指标 What can be ranked, compared and tabulated */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Measure"][];
                    };
                };
            };
            /** @description 未变 Not modified */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            408: components["responses"]["408"];
            415: components["responses"]["415"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    getDivisionsDivision: {
        parameters: {
            query?: {
                /** @description 日期，YYYY-MM-DD；默认今日 A day, YYYY-MM-DD; today when left out */
                on?: components["parameters"]["on"];
            };
            header?: never;
            path: {
                /** @description 行政区划代码，六位数字 Six digits: nation 100000, province 430000, prefecture 431200, county 431281 */
                division: components["parameters"]["divisionOfDivisions"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 行政区划及其上级与截止日期 A division with what is above it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DivisionRecord"];
                };
            };
            /** @description 未变 Not modified */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            408: components["responses"]["408"];
            415: components["responses"]["415"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    getDivisionsDivisionChanges: {
        parameters: {
            query?: {
                /** @description 日期，YYYY-MM-DD；默认今日 A day, YYYY-MM-DD; today when left out */
                on?: components["parameters"]["on"];
            };
            header?: never;
            path: {
                /** @description 行政区划代码，六位数字 Six digits: nation 100000, province 430000, prefecture 431200, county 431281 */
                division: components["parameters"]["divisionOfDivisions"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 沿革，由远及近 What happened, oldest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlaceChanges"];
                };
            };
            /** @description 未变 Not modified */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            408: components["responses"]["408"];
            415: components["responses"]["415"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    postDivisionsDivisionChanges: {
        parameters: {
            query?: {
                /** @description 只检查不保存 Do everything but keep it, and answer as the real call would */
                dryRun?: components["parameters"]["dryRun"];
            };
            header?: never;
            path: {
                /** @description 行政区划代码，六位数字 Six digits: nation 100000, province 430000, prefecture 431200, county 431281 */
                division: components["parameters"]["divisionOfDivisions"];
            };
            cookie?: never;
        };
        /** @description 自某日起的变更，只能为一种 What happens to it on a day, of one kind */
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * Format: date
                     * @description 生效日期，年-月-日 First day on which it holds, YYYY-MM-DD
                     */
                    on: string;
                    /** @description 行政区划名称 Name of the division */
                    name?: string;
                    /** @description 行政区划代码，六位数字 Six digits: nation 100000, province 430000, prefecture 431200, county 431281 */
                    code?: string;
                    /** @description 上级行政区划代码 Code of the division above it */
                    parent?: string;
                    /** @description 并入的行政区划当日的代码 Code, on that day, of what it goes into */
                    mergedInto?: string;
                    /** @description 分入的行政区划，两个以上；该日所辖的每个机关（或下级区划）列明一次 What it is split into, two or more; every agency (or division) that lies in it on that day is named once */
                    splitInto?: {
                        /** @description 行政区划代码，六位数字 Six digits: nation 100000, province 430000, prefecture 431200, county 431281 */
                        division: string;
                        /** @description 该日在此县的机关代码 Codes of agencies that lie in it on that day */
                        agencies?: string[];
                        /** @description 县以上：直接下级的代码 Of what is no county: codes of the divisions directly below it */
                        divisions?: string[];
                    }[];
                    /** @description 划入的县及划转的机关 The county that agencies come to, and which */
                    transfer?: {
                        /** @description 行政区划代码，六位数字 Six digits: nation 100000, province 430000, prefecture 431200, county 431281 */
                        to: string;
                        /** @description 该日在此县的机关代码 Codes of agencies that lie in it on that day */
                        agencies: string[];
                    };
                    /**
                     * @description 撤销，其中已无所辖 true: it ends, with nothing in it any more
                     * @enum {boolean}
                     */
                    closed?: true;
                    document?: components["schemas"]["StatedDocument"];
                    /**
                     * @description 日期的确切程度：DAY 为当日（默认），SNAPSHOT 为仅知在该日的名单中已如此 How sure the day is: DAY, that of the change (when left out), or SNAPSHOT, that of a list which shows it
                     * @enum {string}
                     */
                    precision?: "DAY" | "SNAPSHOT";
                };
            };
        };
        responses: {
            /** @description 行政区划变更结果 What a change did, and the division as it then stands */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DivisionChanged"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            408: components["responses"]["408"];
            409: components["responses"]["409"];
            413: components["responses"]["413"];
            415: components["responses"]["415"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
            507: components["responses"]["507"];
        };
    };
    getDivisions: {
        parameters: {
            query?: {
                /** @description 上级行政区划 Only those directly under this division */
                parent?: string;
                /** @description 其下各级行政区划 Only those below this division, at any depth */
                below?: string;
                /** @description 行政区划级别 Level of division */
                level?: "NATION" | "PROVINCE" | "PREFECTURE" | "COUNTY";
                /** @description 代码，逗号分隔，至多 500 个；按所给次序列出全部，不分页 Codes by comma, 500 at most: all of them in their order, on one page */
                codes?: components["parameters"]["codes"];
                /** @description 每页条数，1 至 500，默认 50 Page size, 1 to 500, 50 when left out */
                first?: components["parameters"]["first"];
                /** @description 上一页末尾的游标，见其 Link 头 Cursor at which the last page ended, from its Link header */
                after?: components["parameters"]["after"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 列出行政区划 List divisions by code */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["DivisionEntry"][];
                        totalCount: number;
                        /** @description 按 codes 查询时，名录中没有的代码 With codes, those of them that the register lacks */
                        readonly unknown?: string[];
                    };
                };
            };
            /** @description 未变 Not modified */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            408: components["responses"]["408"];
            415: components["responses"]["415"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    postDivisions: {
        parameters: {
            query?: {
                /** @description 只检查不保存 Do everything but keep it, and answer as the real call would */
                dryRun?: components["parameters"]["dryRun"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description 新行政区划 A new division */
        requestBody: {
            content: {
                "application/json": {
                    /** @description 行政区划代码，六位数字 Six digits: nation 100000, province 430000, prefecture 431200, county 431281 */
                    code: string;
                    /** @description 行政区划名称 Name of the division */
                    name: string;
                    /**
                     * @description 行政区划级别：省、市、县 Level of the division
                     * @enum {string}
                     */
                    level: "PROVINCE" | "PREFECTURE" | "COUNTY";
                    /** @description 上级行政区划代码 Code of the division above it */
                    parent: string;
                    /**
                     * Format: date
                     * @description 生效日期，年-月-日 First day on which it holds, YYYY-MM-DD
                     */
                    on: string;
                    document?: components["schemas"]["StatedDocument"];
                    /**
                     * @description 日期的确切程度：DAY 为当日（默认），SNAPSHOT 为仅知在该日的名单中已如此 How sure the day is: DAY, that of the change (when left out), or SNAPSHOT, that of a list which shows it
                     * @enum {string}
                     */
                    precision?: "DAY" | "SNAPSHOT";
                };
            };
        };
        responses: {
            /** @description 行政区划变更结果 What a change did, and the division as it then stands */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DivisionChanged"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            408: components["responses"]["408"];
            409: components["responses"]["409"];
            413: components["responses"]["413"];
            415: components["responses"]["415"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
            507: components["responses"]["507"];
        };
    };
    putDivisionsDivisionDeadlinesYear: {
        parameters: {
            query?: {
                /** @description 只检查不保存 Do everything but keep it, and answer as the real call would */
                dryRun?: components["parameters"]["dryRun"];
            };
            header?: never;
            path: {
                /** @description 行政区划代码，六位数字 Six digits: nation 100000, province 430000, prefecture 431200, county 431281 */
                division: components["parameters"]["divisionOfDivisions"];
                /** @description 报告年度，或 every 表示无专设日期的每年 Report year, or "every" for each year that has no date of its own */
                year: components["parameters"]["yearOfDivisions"];
            };
            cookie?: never;
        };
        /** @description 截止日期 A deadline */
        requestBody: {
            content: {
                "application/json": {
                    /** @description 次年截止日期，月-日，2 月 29 日除外 Last day to file, in the year after the report year: MM-DD, not 29 February */
                    due: string;
                    /**
                     * @description 所指：机关（默认），或县、市、省自行公布的报告 Whose day it is: the agencies' (when left out), or that of the reports counties, prefectures or provinces publish
                     * @enum {string}
                     */
                    for?: "AGENCIES" | "COUNTY" | "PREFECTURE" | "PROVINCE";
                };
            };
        };
        responses: {
            /** @description 截止日期变更结果 What a change did, and the division */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeadlineChanged"];
                };
            };
            /** @description 截止日期变更结果 What a change did, and the division */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeadlineChanged"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            408: components["responses"]["408"];
            413: components["responses"]["413"];
            415: components["responses"]["415"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
            507: components["responses"]["507"];
        };
    };
    deleteDivisionsDivisionDeadlinesYear: {
        parameters: {
            query?: {
                /** @description 只检查不保存 Do everything but keep it, and answer as the real call would */
                dryRun?: components["parameters"]["dryRun"];
                /** @description 所指：机关（默认），或县、市、省自行公布的报告 Whose day it is: the agencies' (when left out), or that of the reports counties, prefectures or provinces publish */
                for?: "AGENCIES" | "COUNTY" | "PREFECTURE" | "PROVINCE";
            };
            header?: never;
            path: {
                /** @description 行政区划代码，六位数字 Six digits: nation 100000, province 430000, prefecture 431200, county 431281 */
                division: components["parameters"]["divisionOfDivisions"];
                /** @description 报告年度，或 every 表示无专设日期的每年 Report year, or "every" for each year that has no date of its own */
                year: components["parameters"]["yearOfDivisions"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 截止日期变更结果 What a change did, and the division */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeadlineChanged"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            408: components["responses"]["408"];
            413: components["responses"]["413"];
            415: components["responses"]["415"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
            507: components["responses"]["507"];
        };
    };
    deleteDivisionsDivisionChangesOn: {
        parameters: {
            query?: {
                /** @description 只检查不保存 Do everything but keep it, and answer as the real call would */
                dryRun?: components["parameters"]["dryRun"];
            };
            header?: never;
            path: {
                /** @description 行政区划代码，六位数字 Six digits: nation 100000, province 430000, prefecture 431200, county 431281 */
                division: components["parameters"]["divisionOfDivisions"];
                /** @description 生效日期，年-月-日 First day on which it holds, YYYY-MM-DD */
                on: components["parameters"]["onOfDivisions"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 行政区划变更结果 What a change did, and the division as it then stands */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DivisionChanged"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            408: components["responses"]["408"];
            409: components["responses"]["409"];
            413: components["responses"]["413"];
            415: components["responses"]["415"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
            507: components["responses"]["507"];
        };
    };
    getAgenciesAgency: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description 机关代码：乡镇九位或十二位数字，县六位，或其他代码。数字以国家统计局代码为准，民政部代码前加 MCA- Code in the register: nine or twelve digits of a township, six of a county, or another code. Digits are the statistics bureau's; the ministry's stand after MCA- */
                agency: components["parameters"]["agency"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 机关今日的状态及沿革 An agency as it is today, and its history */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AgencyRecord"];
                };
            };
            /** @description 未变 Not modified */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            408: components["responses"]["408"];
            415: components["responses"]["415"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    getAgenciesAgencyChanges: {
        parameters: {
            query?: {
                /** @description 日期，YYYY-MM-DD；默认今日 A day, YYYY-MM-DD; today when left out */
                on?: components["parameters"]["on"];
            };
            header?: never;
            path: {
                /** @description 机关代码：乡镇九位或十二位数字，县六位，或其他代码。数字以国家统计局代码为准，民政部代码前加 MCA- Code in the register: nine or twelve digits of a township, six of a county, or another code. Digits are the statistics bureau's; the ministry's stand after MCA- */
                agency: components["parameters"]["agency"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 沿革，由远及近 What happened, oldest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlaceChanges"];
                };
            };
            /** @description 未变 Not modified */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            408: components["responses"]["408"];
            415: components["responses"]["415"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    postAgenciesAgencyChanges: {
        parameters: {
            query?: {
                /** @description 只检查不保存 Do everything but keep it, and answer as the real call would */
                dryRun?: components["parameters"]["dryRun"];
            };
            header?: never;
            path: {
                /** @description 机关代码：乡镇九位或十二位数字，县六位，或其他代码。数字以国家统计局代码为准，民政部代码前加 MCA- Code in the register: nine or twelve digits of a township, six of a county, or another code. Digits are the statistics bureau's; the ministry's stand after MCA- */
                agency: components["parameters"]["agency"];
            };
            cookie?: never;
        };
        /** @description 自某日起的变更，至少一项 What is different from a day on, one member at least */
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * Format: date
                     * @description 生效日期，年-月-日 First day on which it holds, YYYY-MM-DD
                     */
                    on: string;
                    /** @description 机关名称 Name of the agency */
                    name?: string;
                    /** @description 机关代码：乡镇九位或十二位数字，县六位，或其他代码。数字以国家统计局代码为准，民政部代码前加 MCA- Code in the register: nine or twelve digits of a township, six of a county, or another code. Digits are the statistics bureau's; the ministry's stand after MCA- */
                    code?: string;
                    /**
                     * @description 机关类别 Kind of agency
                     * @enum {string}
                     */
                    kind?: "TOWNSHIP" | "SUBDISTRICT" | "DEPARTMENT" | "OFFICE" | "OTHER";
                    /** @description 所属县级行政区划代码，六位数字 Six digits of the county it belongs to */
                    county?: string;
                    document?: components["schemas"]["StatedDocument"];
                    /**
                     * @description 日期的确切程度：DAY 为当日（默认），SNAPSHOT 为仅知在该日的名单中已如此 How sure the day is: DAY, that of the change (when left out), or SNAPSHOT, that of a list which shows it
                     * @enum {string}
                     */
                    precision?: "DAY" | "SNAPSHOT";
                };
            };
        };
        responses: {
            /** @description 机关变更结果 What a change did, and the agency as it then stands */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AgencyChanged"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            408: components["responses"]["408"];
            409: components["responses"]["409"];
            413: components["responses"]["413"];
            415: components["responses"]["415"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
            507: components["responses"]["507"];
        };
    };
    getAgencies: {
        parameters: {
            query?: {
                /** @description 行政区划代码，六位数字，任何一级，含其下全部 Six digits of a division of any level, with all below it */
                division?: components["parameters"]["division"];
                /** @description 行政区划代码，六位数字；division 的旧名，含义相同 Six digits: the old name of division, which means the same */
                county?: components["parameters"]["county"];
                /** @description 报告年度，2019 至 2099 Report year, 2019 to 2099 */
                year?: number;
                /** @description 名称或曾用名的一部分 A part of a name that it has or had */
                name?: string;
                /** @description 代码，逗号分隔，至多 500 个；按所给次序列出全部，不分页 Codes by comma, 500 at most: all of them in their order, on one page */
                codes?: components["parameters"]["codes"];
                /** @description 机关类别，逗号分隔：TOWNSHIP、SUBDISTRICT、DEPARTMENT、OFFICE、OTHER、COUNTY；默认全部 Kinds of agency, by comma: TOWNSHIP, SUBDISTRICT, DEPARTMENT, OFFICE, OTHER, COUNTY; default all */
                kind?: string;
                /** @description 应报未报的 Only those that must file and have not */
                missing?: boolean;
                /** @description 曾属该行政区划、当日已属他处的 Those that lay in the division before and lie elsewhere on that day, instead of those in it */
                elsewhere?: boolean;
                /** @description 每页条数，1 至 500，默认 50 Page size, 1 to 500, 50 when left out */
                first?: components["parameters"]["first"];
                /** @description 上一页末尾的游标，见其 Link 头 Cursor at which the last page ended, from its Link header */
                after?: components["parameters"]["after"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 列出机关 List agencies by code */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["AgencyEntry"][];
                        totalCount: number;
                        /** @description 按 codes 查询时，名录中没有的代码 With codes, those of them that the register lacks */
                        readonly unknown?: string[];
                    };
                };
            };
            /** @description 未变 Not modified */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            408: components["responses"]["408"];
            415: components["responses"]["415"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    postAgencies: {
        parameters: {
            query?: {
                /** @description 只检查不保存 Do everything but keep it, and answer as the real call would */
                dryRun?: components["parameters"]["dryRun"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description 新机关 A new agency */
        requestBody: {
            content: {
                "application/json": {
                    /** @description 机关代码：乡镇九位或十二位数字，县六位，或其他代码。数字以国家统计局代码为准，民政部代码前加 MCA- Code in the register: nine or twelve digits of a township, six of a county, or another code. Digits are the statistics bureau's; the ministry's stand after MCA- */
                    code: string;
                    /** @description 机关名称 Name of the agency */
                    name: string;
                    /**
                     * @description 机关类别 Kind of agency
                     * @enum {string}
                     */
                    kind: "TOWNSHIP" | "SUBDISTRICT" | "DEPARTMENT" | "OFFICE" | "OTHER";
                    /** @description 所属县级行政区划代码，六位数字 Six digits of the county it belongs to */
                    county: string;
                    /**
                     * Format: date
                     * @description 生效日期，年-月-日 First day on which it holds, YYYY-MM-DD
                     */
                    validFrom: string;
                    document?: components["schemas"]["StatedDocument"];
                    /**
                     * @description 日期的确切程度：DAY 为当日（默认），SNAPSHOT 为仅知在该日的名单中已如此 How sure the day is: DAY, that of the change (when left out), or SNAPSHOT, that of a list which shows it
                     * @enum {string}
                     */
                    precision?: "DAY" | "SNAPSHOT";
                };
            };
        };
        responses: {
            /** @description 机关变更结果 What a change did, and the agency as it then stands */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AgencyChanged"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            408: components["responses"]["408"];
            409: components["responses"]["409"];
            413: components["responses"]["413"];
            415: components["responses"]["415"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
            507: components["responses"]["507"];
        };
    };
    getSearch: {
        parameters: {
            query?: {
                /** @description 名称、曾用名或代码的一部分 A part of a name, a former name or a code */
                q?: string;
                /** @description 每页条数，1 至 500，默认 50 Page size, 1 to 500, 50 when left out */
                first?: components["parameters"]["first"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 检索结果，最相符的在前 What was found, best first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SearchFound"];
                };
            };
            /** @description 未变 Not modified */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            408: components["responses"]["408"];
            415: components["responses"]["415"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    postAgenciesAgencyClosure: {
        parameters: {
            query?: {
                /** @description 只检查不保存 Do everything but keep it, and answer as the real call would */
                dryRun?: components["parameters"]["dryRun"];
            };
            header?: never;
            path: {
                /** @description 机关代码：乡镇九位或十二位数字，县六位，或其他代码。数字以国家统计局代码为准，民政部代码前加 MCA- Code in the register: nine or twelve digits of a township, six of a county, or another code. Digits are the statistics bureau's; the ministry's stand after MCA- */
                agency: components["parameters"]["agency"];
            };
            cookie?: never;
        };
        /** @description 撤销、并入或拆分 A closure */
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * Format: date
                     * @description 不再存在的第一日 The first day on which it is no more, YYYY-MM-DD
                     */
                    on: string;
                    /** @description 并入机关当日的代码 Code, on that day, of what it went into */
                    mergedInto?: string;
                    /** @description 分入各机关当日的代码，两个以上 Codes, on that day, of the agencies it was split into, two or more */
                    splitInto?: string[];
                    document?: components["schemas"]["StatedDocument"];
                    /**
                     * @description 日期的确切程度：DAY 为当日（默认），SNAPSHOT 为仅知在该日的名单中已如此 How sure the day is: DAY, that of the change (when left out), or SNAPSHOT, that of a list which shows it
                     * @enum {string}
                     */
                    precision?: "DAY" | "SNAPSHOT";
                };
            };
        };
        responses: {
            /** @description 机关变更结果 What a change did, and the agency as it then stands */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AgencyChanged"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            408: components["responses"]["408"];
            409: components["responses"]["409"];
            413: components["responses"]["413"];
            415: components["responses"]["415"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
            507: components["responses"]["507"];
        };
    };
    deleteAgenciesAgencyClosure: {
        parameters: {
            query?: {
                /** @description 只检查不保存 Do everything but keep it, and answer as the real call would */
                dryRun?: components["parameters"]["dryRun"];
                /** @description 代码所指以该日为准；默认今日 A day, YYYY-MM-DD: whom the code means on it; today when left out */
                on?: string;
            };
            header?: never;
            path: {
                /** @description 机关代码：乡镇九位或十二位数字，县六位，或其他代码。数字以国家统计局代码为准，民政部代码前加 MCA- Code in the register: nine or twelve digits of a township, six of a county, or another code. Digits are the statistics bureau's; the ministry's stand after MCA- */
                agency: components["parameters"]["agency"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 机关变更结果 What a change did, and the agency as it then stands */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AgencyChanged"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            408: components["responses"]["408"];
            409: components["responses"]["409"];
            413: components["responses"]["413"];
            415: components["responses"]["415"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
            507: components["responses"]["507"];
        };
    };
    deleteAgenciesAgencyChangesOn: {
        parameters: {
            query?: {
                /** @description 只检查不保存 Do everything but keep it, and answer as the real call would */
                dryRun?: components["parameters"]["dryRun"];
            };
            header?: never;
            path: {
                /** @description 机关代码：乡镇九位或十二位数字，县六位，或其他代码。数字以国家统计局代码为准，民政部代码前加 MCA- Code in the register: nine or twelve digits of a township, six of a county, or another code. Digits are the statistics bureau's; the ministry's stand after MCA- */
                agency: components["parameters"]["agency"];
                /** @description 生效日期，年-月-日 First day on which it holds, YYYY-MM-DD */
                on: components["parameters"]["onOfDivisions"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 机关变更结果 What a change did, and the agency as it then stands */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AgencyChanged"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            408: components["responses"]["408"];
            409: components["responses"]["409"];
            413: components["responses"]["413"];
            415: components["responses"]["415"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
            507: components["responses"]["507"];
        };
    };
    putAgenciesAgencyExemptionsYear: {
        parameters: {
            query?: {
                /** @description 只检查不保存 Do everything but keep it, and answer as the real call would */
                dryRun?: components["parameters"]["dryRun"];
            };
            header?: never;
            path: {
                /** @description 机关代码：乡镇九位或十二位数字，县六位，或其他代码。数字以国家统计局代码为准，民政部代码前加 MCA- Code in the register: nine or twelve digits of a township, six of a county, or another code. Digits are the statistics bureau's; the ministry's stand after MCA- */
                agency: components["parameters"]["agency"];
                /** @description 报告年度，2019 至 2099 Report year, 2019 to 2099 */
                year: components["parameters"]["yearOfAgencies"];
            };
            cookie?: never;
        };
        /** @description 免报 An exemption */
        requestBody: {
            content: {
                "application/json": {
                    /** @description 免报原因 Why it need not file */
                    reason: string;
                };
            };
        };
        responses: {
            /** @description 机关变更结果 What a change did, and the agency as it then stands */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AgencyChanged"];
                };
            };
            /** @description 机关变更结果 What a change did, and the agency as it then stands */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AgencyChanged"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            408: components["responses"]["408"];
            413: components["responses"]["413"];
            415: components["responses"]["415"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
            507: components["responses"]["507"];
        };
    };
    deleteAgenciesAgencyExemptionsYear: {
        parameters: {
            query?: {
                /** @description 只检查不保存 Do everything but keep it, and answer as the real call would */
                dryRun?: components["parameters"]["dryRun"];
            };
            header?: never;
            path: {
                /** @description 机关代码：乡镇九位或十二位数字，县六位，或其他代码。数字以国家统计局代码为准，民政部代码前加 MCA- Code in the register: nine or twelve digits of a township, six of a county, or another code. Digits are the statistics bureau's; the ministry's stand after MCA- */
                agency: components["parameters"]["agency"];
                /** @description 报告年度，2019 至 2099 Report year, 2019 to 2099 */
                year: components["parameters"]["yearOfAgencies"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 机关变更结果 What a change did, and the agency as it then stands */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AgencyChanged"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            408: components["responses"]["408"];
            413: components["responses"]["413"];
            415: components["responses"]["415"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
            507: components["responses"]["507"];
        };
    };
    getExportsReportsCsv: {
        parameters: {
            query?: {
                /** @description 报告年度，2019 至今年 Report year, 2019 to the current one */
                year?: components["parameters"]["yearOfReports"];
                /** @description 行政区划代码，六位数字 Six digits: nation 100000, province 430000, prefecture 431200, county 431281 */
                division?: components["parameters"]["divisionOfChanges"];
                /** @description 机关类别，逗号分隔：TOWNSHIP、SUBDISTRICT、DEPARTMENT、OFFICE、OTHER、COUNTY；默认全部 Kinds of agency, by comma: TOWNSHIP, SUBDISTRICT, DEPARTMENT, OFFICE, OTHER, COUNTY; default all */
                kinds?: components["parameters"]["kindsOfExports"];
                /** @description CSV 以字节顺序标记开头，供 Excel 识别 Begin a CSV with a byte order mark, for Excel */
                bom?: components["parameters"]["bom"];
                /** @description 连同县级政府自行公布的报告（kind 为 COUNTY，不计入任何汇总）；仅要这些用 kinds=COUNTY With the reports that counties publish of their own (kind COUNTY, in no rollup); kinds=COUNTY for these alone */
                own?: components["parameters"]["own"];
                /** @description wide：每行一份；long：每行一个单元格 wide: a row a report or division; long: a row a cell */
                shape?: components["parameters"]["shape"];
                /** @description names：列名；zh：印制的中文标题 names of the columns, or zh: their printed headings */
                headings?: components["parameters"]["headings"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 文件 The file, streamed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": components["schemas"]["File"];
                };
            };
            /** @description 未变 Not modified */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            408: components["responses"]["408"];
            415: components["responses"]["415"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    getExportsRollupsCsv: {
        parameters: {
            query?: {
                /** @description 报告年度，2019 至今年 Report year, 2019 to the current one */
                year?: components["parameters"]["yearOfReports"];
                /** @description 行政区划代码，六位数字 Six digits: nation 100000, province 430000, prefecture 431200, county 431281 */
                division?: components["parameters"]["divisionOfChanges"];
                /** @description 机关类别，逗号分隔：TOWNSHIP、SUBDISTRICT、DEPARTMENT、OFFICE、OTHER；默认全部 Kinds of agency, by comma: TOWNSHIP, SUBDISTRICT, DEPARTMENT, OFFICE, OTHER; default all */
                kinds?: components["parameters"]["kindsOfExportsRollups"];
                /** @description CSV 以字节顺序标记开头，供 Excel 识别 Begin a CSV with a byte order mark, for Excel */
                bom?: components["parameters"]["bom"];
                /** @description ALL：已报送的全部，须有读取该区划的令牌；ACCEPTED：仅审核通过的。未指定时，有此令牌的为 ALL，其他为 ACCEPTED ALL: all that was filed, for a token that reads the division; ACCEPTED: only what a reviewer accepted. Left out: ALL with such a token, ACCEPTED without */
                include?: components["parameters"]["include"];
                /** @description 按哪一天的行政区划汇总：AS_REPORTED（默认），各年按其 12 月 31 日；或某日（2018-12-31 起） Whose boundaries: AS_REPORTED (when left out), those of 31 December of the year; or a day, from 2018-12-31 on */
                boundaries?: components["parameters"]["boundaries"];
                /** @description 只计此刻以前记录的报送、审核与名录变更；默认为现在 Only what was recorded by then of filings, decisions and changes of the register; now when left out */
                knownOn?: components["parameters"]["knownOn"];
                /** @description 只要某一级行政区划 Only divisions of this level */
                level?: components["parameters"]["level"];
                /** @description wide：每行一份；long：每行一个单元格 wide: a row a report or division; long: a row a cell */
                shape?: components["parameters"]["shape"];
                /** @description names：列名；zh：印制的中文标题 names of the columns, or zh: their printed headings */
                headings?: components["parameters"]["headings"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 文件 The file, streamed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": components["schemas"]["File"];
                };
            };
            /** @description 未变 Not modified */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            408: components["responses"]["408"];
            415: components["responses"]["415"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    getExportsReportsNdjson: {
        parameters: {
            query?: {
                /** @description 报告年度，2019 至今年 Report year, 2019 to the current one */
                year?: components["parameters"]["yearOfReports"];
                /** @description 行政区划代码，六位数字 Six digits: nation 100000, province 430000, prefecture 431200, county 431281 */
                division?: components["parameters"]["divisionOfChanges"];
                /** @description 机关类别，逗号分隔：TOWNSHIP、SUBDISTRICT、DEPARTMENT、OFFICE、OTHER、COUNTY；默认全部 Kinds of agency, by comma: TOWNSHIP, SUBDISTRICT, DEPARTMENT, OFFICE, OTHER, COUNTY; default all */
                kinds?: components["parameters"]["kindsOfExports"];
                /** @description CSV 以字节顺序标记开头，供 Excel 识别 Begin a CSV with a byte order mark, for Excel */
                bom?: components["parameters"]["bom"];
                /** @description 连同县级政府自行公布的报告（kind 为 COUNTY，不计入任何汇总）；仅要这些用 kinds=COUNTY With the reports that counties publish of their own (kind COUNTY, in no rollup); kinds=COUNTY for these alone */
                own?: components["parameters"]["own"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 文件 The file, streamed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": components["schemas"]["File"];
                };
            };
            /** @description 未变 Not modified */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            408: components["responses"]["408"];
            415: components["responses"]["415"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    getExportsRollupsNdjson: {
        parameters: {
            query?: {
                /** @description 报告年度，2019 至今年 Report year, 2019 to the current one */
                year?: components["parameters"]["yearOfReports"];
                /** @description 行政区划代码，六位数字 Six digits: nation 100000, province 430000, prefecture 431200, county 431281 */
                division?: components["parameters"]["divisionOfChanges"];
                /** @description 机关类别，逗号分隔：TOWNSHIP、SUBDISTRICT、DEPARTMENT、OFFICE、OTHER；默认全部 Kinds of agency, by comma: TOWNSHIP, SUBDISTRICT, DEPARTMENT, OFFICE, OTHER; default all */
                kinds?: components["parameters"]["kindsOfExportsRollups"];
                /** @description CSV 以字节顺序标记开头，供 Excel 识别 Begin a CSV with a byte order mark, for Excel */
                bom?: components["parameters"]["bom"];
                /** @description ALL：已报送的全部，须有读取该区划的令牌；ACCEPTED：仅审核通过的。未指定时，有此令牌的为 ALL，其他为 ACCEPTED ALL: all that was filed, for a token that reads the division; ACCEPTED: only what a reviewer accepted. Left out: ALL with such a token, ACCEPTED without */
                include?: components["parameters"]["include"];
                /** @description 按哪一天的行政区划汇总：AS_REPORTED（默认），各年按其 12 月 31 日；或某日（2018-12-31 起） Whose boundaries: AS_REPORTED (when left out), those of 31 December of the year; or a day, from 2018-12-31 on */
                boundaries?: components["parameters"]["boundaries"];
                /** @description 只计此刻以前记录的报送、审核与名录变更；默认为现在 Only what was recorded by then of filings, decisions and changes of the register; now when left out */
                knownOn?: components["parameters"]["knownOn"];
                /** @description 只要某一级行政区划 Only divisions of this level */
                level?: components["parameters"]["level"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 文件 The file, streamed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": components["schemas"]["File"];
                };
            };
            /** @description 未变 Not modified */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            408: components["responses"]["408"];
            415: components["responses"]["415"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    getExportsReportsXlsx: {
        parameters: {
            query?: {
                /** @description 报告年度，2019 至今年 Report year, 2019 to the current one */
                year?: components["parameters"]["yearOfReports"];
                /** @description 行政区划代码，六位数字 Six digits: nation 100000, province 430000, prefecture 431200, county 431281 */
                division?: components["parameters"]["divisionOfChanges"];
                /** @description 机关类别，逗号分隔：TOWNSHIP、SUBDISTRICT、DEPARTMENT、OFFICE、OTHER、COUNTY；默认全部 Kinds of agency, by comma: TOWNSHIP, SUBDISTRICT, DEPARTMENT, OFFICE, OTHER, COUNTY; default all */
                kinds?: components["parameters"]["kindsOfExports"];
                /** @description CSV 以字节顺序标记开头，供 Excel 识别 Begin a CSV with a byte order mark, for Excel */
                bom?: components["parameters"]["bom"];
                /** @description 连同县级政府自行公布的报告（kind 为 COUNTY，不计入任何汇总）；仅要这些用 kinds=COUNTY With the reports that counties publish of their own (kind COUNTY, in no rollup); kinds=COUNTY for these alone */
                own?: components["parameters"]["own"];
                /** @description wide：每行一份；long：每行一个单元格 wide: a row a report or division; long: a row a cell */
                shape?: components["parameters"]["shape"];
                /** @description names：列名；zh：印制的中文标题 names of the columns, or zh: their printed headings */
                headings?: components["parameters"]["headings"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 文件 The file, streamed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": components["schemas"]["File"];
                };
            };
            /** @description 未变 Not modified */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            408: components["responses"]["408"];
            415: components["responses"]["415"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    getExportsRollupsXlsx: {
        parameters: {
            query?: {
                /** @description 报告年度，2019 至今年 Report year, 2019 to the current one */
                year?: components["parameters"]["yearOfReports"];
                /** @description 行政区划代码，六位数字 Six digits: nation 100000, province 430000, prefecture 431200, county 431281 */
                division?: components["parameters"]["divisionOfChanges"];
                /** @description 机关类别，逗号分隔：TOWNSHIP、SUBDISTRICT、DEPARTMENT、OFFICE、OTHER；默认全部 Kinds of agency, by comma: TOWNSHIP, SUBDISTRICT, DEPARTMENT, OFFICE, OTHER; default all */
                kinds?: components["parameters"]["kindsOfExportsRollups"];
                /** @description CSV 以字节顺序标记开头，供 Excel 识别 Begin a CSV with a byte order mark, for Excel */
                bom?: components["parameters"]["bom"];
                /** @description ALL：已报送的全部，须有读取该区划的令牌；ACCEPTED：仅审核通过的。未指定时，有此令牌的为 ALL，其他为 ACCEPTED ALL: all that was filed, for a token that reads the division; ACCEPTED: only what a reviewer accepted. Left out: ALL with such a token, ACCEPTED without */
                include?: components["parameters"]["include"];
                /** @description 按哪一天的行政区划汇总：AS_REPORTED（默认），各年按其 12 月 31 日；或某日（2018-12-31 起） Whose boundaries: AS_REPORTED (when left out), those of 31 December of the year; or a day, from 2018-12-31 on */
                boundaries?: components["parameters"]["boundaries"];
                /** @description 只计此刻以前记录的报送、审核与名录变更；默认为现在 Only what was recorded by then of filings, decisions and changes of the register; now when left out */
                knownOn?: components["parameters"]["knownOn"];
                /** @description 只要某一级行政区划 Only divisions of this level */
                level?: components["parameters"]["level"];
                /** @description wide：每行一份；long：每行一个单元格 wide: a row a report or division; long: a row a cell */
                shape?: components["parameters"]["shape"];
                /** @description names：列名；zh：印制的中文标题 names of the columns, or zh: their printed headings */
                headings?: components["parameters"]["headings"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 文件 The file, streamed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": components["schemas"]["File"];
                };
            };
            /** @description 未变 Not modified */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            408: components["responses"]["408"];
            415: components["responses"]["415"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    getExportsReportsParquet: {
        parameters: {
            query?: {
                /** @description 报告年度，2019 至今年 Report year, 2019 to the current one */
                year?: components["parameters"]["yearOfReports"];
                /** @description 行政区划代码，六位数字 Six digits: nation 100000, province 430000, prefecture 431200, county 431281 */
                division?: components["parameters"]["divisionOfChanges"];
                /** @description 机关类别，逗号分隔：TOWNSHIP、SUBDISTRICT、DEPARTMENT、OFFICE、OTHER、COUNTY；默认全部 Kinds of agency, by comma: TOWNSHIP, SUBDISTRICT, DEPARTMENT, OFFICE, OTHER, COUNTY; default all */
                kinds?: components["parameters"]["kindsOfExports"];
                /** @description CSV 以字节顺序标记开头，供 Excel 识别 Begin a CSV with a byte order mark, for Excel */
                bom?: components["parameters"]["bom"];
                /** @description 连同县级政府自行公布的报告（kind 为 COUNTY，不计入任何汇总）；仅要这些用 kinds=COUNTY With the reports that counties publish of their own (kind COUNTY, in no rollup); kinds=COUNTY for these alone */
                own?: components["parameters"]["own"];
                /** @description wide：每行一份；long：每行一个单元格 wide: a row a report or division; long: a row a cell */
                shape?: components["parameters"]["shape"];
                /** @description names：列名；zh：印制的中文标题 names of the columns, or zh: their printed headings */
                headings?: components["parameters"]["headings"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 文件 The file, streamed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/vnd.apache.parquet": components["schemas"]["File"];
                };
            };
            /** @description 未变 Not modified */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            408: components["responses"]["408"];
            415: components["responses"]["415"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    getExportsRollupsParquet: {
        parameters: {
            query?: {
                /** @description 报告年度，2019 至今年 Report year, 2019 to the current one */
                year?: components["parameters"]["yearOfReports"];
                /** @description 行政区划代码，六位数字 Six digits: nation 100000, province 430000, prefecture 431200, county 431281 */
                division?: components["parameters"]["divisionOfChanges"];
                /** @description 机关类别，逗号分隔：TOWNSHIP、SUBDISTRICT、DEPARTMENT、OFFICE、OTHER；默认全部 Kinds of agency, by comma: TOWNSHIP, SUBDISTRICT, DEPARTMENT, OFFICE, OTHER; default all */
                kinds?: components["parameters"]["kindsOfExportsRollups"];
                /** @description CSV 以字节顺序标记开头，供 Excel 识别 Begin a CSV with a byte order mark, for Excel */
                bom?: components["parameters"]["bom"];
                /** @description ALL：已报送的全部，须有读取该区划的令牌；ACCEPTED：仅审核通过的。未指定时，有此令牌的为 ALL，其他为 ACCEPTED ALL: all that was filed, for a token that reads the division; ACCEPTED: only what a reviewer accepted. Left out: ALL with such a token, ACCEPTED without */
                include?: components["parameters"]["include"];
                /** @description 按哪一天的行政区划汇总：AS_REPORTED（默认），各年按其 12 月 31 日；或某日（2018-12-31 起） Whose boundaries: AS_REPORTED (when left out), those of 31 December of the year; or a day, from 2018-12-31 on */
                boundaries?: components["parameters"]["boundaries"];
                /** @description 只计此刻以前记录的报送、审核与名录变更；默认为现在 Only what was recorded by then of filings, decisions and changes of the register; now when left out */
                knownOn?: components["parameters"]["knownOn"];
                /** @description 只要某一级行政区划 Only divisions of this level */
                level?: components["parameters"]["level"];
                /** @description wide：每行一份；long：每行一个单元格 wide: a row a report or division; long: a row a cell */
                shape?: components["parameters"]["shape"];
                /** @description names：列名；zh：印制的中文标题 names of the columns, or zh: their printed headings */
                headings?: components["parameters"]["headings"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 文件 The file, streamed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/vnd.apache.parquet": components["schemas"]["File"];
                };
            };
            /** @description 未变 Not modified */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            408: components["responses"]["408"];
            415: components["responses"]["415"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    getExportsDatapackageJson: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 数据包描述（datapackage.org 第 2 版） A Data Package, datapackage.org, version 2 */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description 未变 Not modified */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            408: components["responses"]["408"];
            415: components["responses"]["415"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    getStatistics: {
        parameters: {
            query?: {
                /** @description 行政区划代码，六位数字；默认全国 Six digits of a division of any level; the nation when left out */
                division?: components["parameters"]["divisionOfStatistics"];
                /** @description 每行一个机关（agency），或一个县级、地级、省级区划；不填则只有该区划本身 A row for each agency, or for each division of a level; left out, for the division itself alone */
                by?: components["parameters"]["by"];
                /** @description 指标地址，逗号分隔，见 /v1/measures；默认：publishedItems.total、documents.normativeDocuments.issued、documents.normativeDocuments.inForce、decisions.licenses.decided、decisions.penalties.decided、decisions.coercion.decided、fees.administrativeFees.amount、applications.newReceived.total、applications.carriedIn.total、applications.granted.total、applications.partlyGranted.total、applications.refused.total、applications.unavailable.total、applications.processed.total、applications.carriedOut.total、applications.grantedShare、applications.closureRate、appeals.reconsideration.total、appeals.directLitigation.total、coverage.rate Addresses of measures by comma, see /v1/measures; when left out: publishedItems.total, documents.normativeDocuments.issued, documents.normativeDocuments.inForce, decisions.licenses.decided, decisions.penalties.decided, decisions.coercion.decided, fees.administrativeFees.amount, applications.newReceived.total, applications.carriedIn.total, applications.granted.total, applications.partlyGranted.total, applications.refused.total, applications.unavailable.total, applications.processed.total, applications.carriedOut.total, applications.grantedShare, applications.closureRate, appeals.reconsideration.total, appeals.directLitigation.total, coverage.rate */
                measures?: components["parameters"]["measures"];
                /** @description 年度，逗号分隔，可为范围：2021,2023 或 2019..2025；默认自 2019 至去年 Years by comma, or ranges: 2021,2023 or 2019..2025; when left out, 2019 to last year */
                years?: components["parameters"]["years"];
                /** @description 包含的机关类别，逗号分隔：TOWNSHIP、SUBDISTRICT、DEPARTMENT、OFFICE、OTHER；默认全部 Kinds to include, by comma: TOWNSHIP, SUBDISTRICT, DEPARTMENT, OFFICE, OTHER; default all */
                kinds?: components["parameters"]["kinds"];
                /** @description ALL：已报送的全部，须有读取该区划的令牌；ACCEPTED：仅审核通过的。未指定时，有此令牌的为 ALL，其他为 ACCEPTED ALL: all that was filed, for a token that reads the division; ACCEPTED: only what a reviewer accepted. Left out: ALL with such a token, ACCEPTED without */
                include?: components["parameters"]["include"];
                /** @description 按哪一天的行政区划汇总：AS_REPORTED（默认），各年按其 12 月 31 日；或某日（2018-12-31 起） Whose boundaries: AS_REPORTED (when left out), those of 31 December of the year; or a day, from 2018-12-31 on */
                boundaries?: components["parameters"]["boundaries"];
                /** @description 只计此刻以前记录的报送、审核与名录变更；默认为现在 Only what was recorded by then of filings, decisions and changes of the register; now when left out */
                knownOn?: components["parameters"]["knownOn"];
                /** @description 名称的语言；CSV 与 XLSX 的列标题也用此语言（不填则为列名） Language of the labels, and of the headings of CSV and XLSX (their names when left out) */
                lang?: components["parameters"]["lang"];
                /** @description 报告数：在 extension.counts 中（默认），或作为第四个维度 figure；只用于 JSON-stat Where the counts are: in extension.counts (when left out), or a fourth dimension, figure; of JSON-stat only */
                counts?: components["parameters"]["counts"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 统计表 The table */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StatisticsTable"];
                    "text/csv": components["schemas"]["File"];
                    "application/vnd.json-stat+json": components["schemas"]["JsonStatDataset"];
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": components["schemas"]["File"];
                };
            };
            /** @description 未变 Not modified */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            406: components["responses"]["406"];
            408: components["responses"]["408"];
            415: components["responses"]["415"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    getStatisticsJson: {
        parameters: {
            query?: {
                /** @description 行政区划代码，六位数字；默认全国 Six digits of a division of any level; the nation when left out */
                division?: components["parameters"]["divisionOfStatistics"];
                /** @description 每行一个机关（agency），或一个县级、地级、省级区划；不填则只有该区划本身 A row for each agency, or for each division of a level; left out, for the division itself alone */
                by?: components["parameters"]["by"];
                /** @description 指标地址，逗号分隔，见 /v1/measures；默认：publishedItems.total、documents.normativeDocuments.issued、documents.normativeDocuments.inForce、decisions.licenses.decided、decisions.penalties.decided、decisions.coercion.decided、fees.administrativeFees.amount、applications.newReceived.total、applications.carriedIn.total、applications.granted.total、applications.partlyGranted.total、applications.refused.total、applications.unavailable.total、applications.processed.total、applications.carriedOut.total、applications.grantedShare、applications.closureRate、appeals.reconsideration.total、appeals.directLitigation.total、coverage.rate Addresses of measures by comma, see /v1/measures; when left out: publishedItems.total, documents.normativeDocuments.issued, documents.normativeDocuments.inForce, decisions.licenses.decided, decisions.penalties.decided, decisions.coercion.decided, fees.administrativeFees.amount, applications.newReceived.total, applications.carriedIn.total, applications.granted.total, applications.partlyGranted.total, applications.refused.total, applications.unavailable.total, applications.processed.total, applications.carriedOut.total, applications.grantedShare, applications.closureRate, appeals.reconsideration.total, appeals.directLitigation.total, coverage.rate */
                measures?: components["parameters"]["measures"];
                /** @description 年度，逗号分隔，可为范围：2021,2023 或 2019..2025；默认自 2019 至去年 Years by comma, or ranges: 2021,2023 or 2019..2025; when left out, 2019 to last year */
                years?: components["parameters"]["years"];
                /** @description 包含的机关类别，逗号分隔：TOWNSHIP、SUBDISTRICT、DEPARTMENT、OFFICE、OTHER；默认全部 Kinds to include, by comma: TOWNSHIP, SUBDISTRICT, DEPARTMENT, OFFICE, OTHER; default all */
                kinds?: components["parameters"]["kinds"];
                /** @description ALL：已报送的全部，须有读取该区划的令牌；ACCEPTED：仅审核通过的。未指定时，有此令牌的为 ALL，其他为 ACCEPTED ALL: all that was filed, for a token that reads the division; ACCEPTED: only what a reviewer accepted. Left out: ALL with such a token, ACCEPTED without */
                include?: components["parameters"]["include"];
                /** @description 按哪一天的行政区划汇总：AS_REPORTED（默认），各年按其 12 月 31 日；或某日（2018-12-31 起） Whose boundaries: AS_REPORTED (when left out), those of 31 December of the year; or a day, from 2018-12-31 on */
                boundaries?: components["parameters"]["boundaries"];
                /** @description 只计此刻以前记录的报送、审核与名录变更；默认为现在 Only what was recorded by then of filings, decisions and changes of the register; now when left out */
                knownOn?: components["parameters"]["knownOn"];
                /** @description 名称的语言；CSV 与 XLSX 的列标题也用此语言（不填则为列名） Language of the labels, and of the headings of CSV and XLSX (their names when left out) */
                lang?: components["parameters"]["lang"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 统计表 The table */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StatisticsTable"];
                };
            };
            /** @description 未变 Not modified */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            408: components["responses"]["408"];
            415: components["responses"]["415"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    getStatisticsCsv: {
        parameters: {
            query?: {
                /** @description 行政区划代码，六位数字；默认全国 Six digits of a division of any level; the nation when left out */
                division?: components["parameters"]["divisionOfStatistics"];
                /** @description 每行一个机关（agency），或一个县级、地级、省级区划；不填则只有该区划本身 A row for each agency, or for each division of a level; left out, for the division itself alone */
                by?: components["parameters"]["by"];
                /** @description 指标地址，逗号分隔，见 /v1/measures；默认：publishedItems.total、documents.normativeDocuments.issued、documents.normativeDocuments.inForce、decisions.licenses.decided、decisions.penalties.decided、decisions.coercion.decided、fees.administrativeFees.amount、applications.newReceived.total、applications.carriedIn.total、applications.granted.total、applications.partlyGranted.total、applications.refused.total、applications.unavailable.total、applications.processed.total、applications.carriedOut.total、applications.grantedShare、applications.closureRate、appeals.reconsideration.total、appeals.directLitigation.total、coverage.rate Addresses of measures by comma, see /v1/measures; when left out: publishedItems.total, documents.normativeDocuments.issued, documents.normativeDocuments.inForce, decisions.licenses.decided, decisions.penalties.decided, decisions.coercion.decided, fees.administrativeFees.amount, applications.newReceived.total, applications.carriedIn.total, applications.granted.total, applications.partlyGranted.total, applications.refused.total, applications.unavailable.total, applications.processed.total, applications.carriedOut.total, applications.grantedShare, applications.closureRate, appeals.reconsideration.total, appeals.directLitigation.total, coverage.rate */
                measures?: components["parameters"]["measures"];
                /** @description 年度，逗号分隔，可为范围：2021,2023 或 2019..2025；默认自 2019 至去年 Years by comma, or ranges: 2021,2023 or 2019..2025; when left out, 2019 to last year */
                years?: components["parameters"]["years"];
                /** @description 包含的机关类别，逗号分隔：TOWNSHIP、SUBDISTRICT、DEPARTMENT、OFFICE、OTHER；默认全部 Kinds to include, by comma: TOWNSHIP, SUBDISTRICT, DEPARTMENT, OFFICE, OTHER; default all */
                kinds?: components["parameters"]["kinds"];
                /** @description ALL：已报送的全部，须有读取该区划的令牌；ACCEPTED：仅审核通过的。未指定时，有此令牌的为 ALL，其他为 ACCEPTED ALL: all that was filed, for a token that reads the division; ACCEPTED: only what a reviewer accepted. Left out: ALL with such a token, ACCEPTED without */
                include?: components["parameters"]["include"];
                /** @description 按哪一天的行政区划汇总：AS_REPORTED（默认），各年按其 12 月 31 日；或某日（2018-12-31 起） Whose boundaries: AS_REPORTED (when left out), those of 31 December of the year; or a day, from 2018-12-31 on */
                boundaries?: components["parameters"]["boundaries"];
                /** @description 只计此刻以前记录的报送、审核与名录变更；默认为现在 Only what was recorded by then of filings, decisions and changes of the register; now when left out */
                knownOn?: components["parameters"]["knownOn"];
                /** @description 名称的语言；CSV 与 XLSX 的列标题也用此语言（不填则为列名） Language of the labels, and of the headings of CSV and XLSX (their names when left out) */
                lang?: components["parameters"]["lang"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 统计表 The table */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": components["schemas"]["File"];
                };
            };
            /** @description 未变 Not modified */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            408: components["responses"]["408"];
            415: components["responses"]["415"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    getStatisticsJsonstat: {
        parameters: {
            query?: {
                /** @description 行政区划代码，六位数字；默认全国 Six digits of a division of any level; the nation when left out */
                division?: components["parameters"]["divisionOfStatistics"];
                /** @description 每行一个机关（agency），或一个县级、地级、省级区划；不填则只有该区划本身 A row for each agency, or for each division of a level; left out, for the division itself alone */
                by?: components["parameters"]["by"];
                /** @description 指标地址，逗号分隔，见 /v1/measures；默认：publishedItems.total、documents.normativeDocuments.issued、documents.normativeDocuments.inForce、decisions.licenses.decided、decisions.penalties.decided、decisions.coercion.decided、fees.administrativeFees.amount、applications.newReceived.total、applications.carriedIn.total、applications.granted.total、applications.partlyGranted.total、applications.refused.total、applications.unavailable.total、applications.processed.total、applications.carriedOut.total、applications.grantedShare、applications.closureRate、appeals.reconsideration.total、appeals.directLitigation.total、coverage.rate Addresses of measures by comma, see /v1/measures; when left out: publishedItems.total, documents.normativeDocuments.issued, documents.normativeDocuments.inForce, decisions.licenses.decided, decisions.penalties.decided, decisions.coercion.decided, fees.administrativeFees.amount, applications.newReceived.total, applications.carriedIn.total, applications.granted.total, applications.partlyGranted.total, applications.refused.total, applications.unavailable.total, applications.processed.total, applications.carriedOut.total, applications.grantedShare, applications.closureRate, appeals.reconsideration.total, appeals.directLitigation.total, coverage.rate */
                measures?: components["parameters"]["measures"];
                /** @description 年度，逗号分隔，可为范围：2021,2023 或 2019..2025；默认自 2019 至去年 Years by comma, or ranges: 2021,2023 or 2019..2025; when left out, 2019 to last year */
                years?: components["parameters"]["years"];
                /** @description 包含的机关类别，逗号分隔：TOWNSHIP、SUBDISTRICT、DEPARTMENT、OFFICE、OTHER；默认全部 Kinds to include, by comma: TOWNSHIP, SUBDISTRICT, DEPARTMENT, OFFICE, OTHER; default all */
                kinds?: components["parameters"]["kinds"];
                /** @description ALL：已报送的全部，须有读取该区划的令牌；ACCEPTED：仅审核通过的。未指定时，有此令牌的为 ALL，其他为 ACCEPTED ALL: all that was filed, for a token that reads the division; ACCEPTED: only what a reviewer accepted. Left out: ALL with such a token, ACCEPTED without */
                include?: components["parameters"]["include"];
                /** @description 按哪一天的行政区划汇总：AS_REPORTED（默认），各年按其 12 月 31 日；或某日（2018-12-31 起） Whose boundaries: AS_REPORTED (when left out), those of 31 December of the year; or a day, from 2018-12-31 on */
                boundaries?: components["parameters"]["boundaries"];
                /** @description 只计此刻以前记录的报送、审核与名录变更；默认为现在 Only what was recorded by then of filings, decisions and changes of the register; now when left out */
                knownOn?: components["parameters"]["knownOn"];
                /** @description 名称的语言；CSV 与 XLSX 的列标题也用此语言（不填则为列名） Language of the labels, and of the headings of CSV and XLSX (their names when left out) */
                lang?: components["parameters"]["lang"];
                /** @description 报告数：在 extension.counts 中（默认），或作为第四个维度 figure；只用于 JSON-stat Where the counts are: in extension.counts (when left out), or a fourth dimension, figure; of JSON-stat only */
                counts?: components["parameters"]["counts"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 统计表 The table */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JsonStatDataset"];
                };
            };
            /** @description 未变 Not modified */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            408: components["responses"]["408"];
            415: components["responses"]["415"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    getStatisticsXlsx: {
        parameters: {
            query?: {
                /** @description 行政区划代码，六位数字；默认全国 Six digits of a division of any level; the nation when left out */
                division?: components["parameters"]["divisionOfStatistics"];
                /** @description 每行一个机关（agency），或一个县级、地级、省级区划；不填则只有该区划本身 A row for each agency, or for each division of a level; left out, for the division itself alone */
                by?: components["parameters"]["by"];
                /** @description 指标地址，逗号分隔，见 /v1/measures；默认：publishedItems.total、documents.normativeDocuments.issued、documents.normativeDocuments.inForce、decisions.licenses.decided、decisions.penalties.decided、decisions.coercion.decided、fees.administrativeFees.amount、applications.newReceived.total、applications.carriedIn.total、applications.granted.total、applications.partlyGranted.total、applications.refused.total、applications.unavailable.total、applications.processed.total、applications.carriedOut.total、applications.grantedShare、applications.closureRate、appeals.reconsideration.total、appeals.directLitigation.total、coverage.rate Addresses of measures by comma, see /v1/measures; when left out: publishedItems.total, documents.normativeDocuments.issued, documents.normativeDocuments.inForce, decisions.licenses.decided, decisions.penalties.decided, decisions.coercion.decided, fees.administrativeFees.amount, applications.newReceived.total, applications.carriedIn.total, applications.granted.total, applications.partlyGranted.total, applications.refused.total, applications.unavailable.total, applications.processed.total, applications.carriedOut.total, applications.grantedShare, applications.closureRate, appeals.reconsideration.total, appeals.directLitigation.total, coverage.rate */
                measures?: components["parameters"]["measures"];
                /** @description 年度，逗号分隔，可为范围：2021,2023 或 2019..2025；默认自 2019 至去年 Years by comma, or ranges: 2021,2023 or 2019..2025; when left out, 2019 to last year */
                years?: components["parameters"]["years"];
                /** @description 包含的机关类别，逗号分隔：TOWNSHIP、SUBDISTRICT、DEPARTMENT、OFFICE、OTHER；默认全部 Kinds to include, by comma: TOWNSHIP, SUBDISTRICT, DEPARTMENT, OFFICE, OTHER; default all */
                kinds?: components["parameters"]["kinds"];
                /** @description ALL：已报送的全部，须有读取该区划的令牌；ACCEPTED：仅审核通过的。未指定时，有此令牌的为 ALL，其他为 ACCEPTED ALL: all that was filed, for a token that reads the division; ACCEPTED: only what a reviewer accepted. Left out: ALL with such a token, ACCEPTED without */
                include?: components["parameters"]["include"];
                /** @description 按哪一天的行政区划汇总：AS_REPORTED（默认），各年按其 12 月 31 日；或某日（2018-12-31 起） Whose boundaries: AS_REPORTED (when left out), those of 31 December of the year; or a day, from 2018-12-31 on */
                boundaries?: components["parameters"]["boundaries"];
                /** @description 只计此刻以前记录的报送、审核与名录变更；默认为现在 Only what was recorded by then of filings, decisions and changes of the register; now when left out */
                knownOn?: components["parameters"]["knownOn"];
                /** @description 名称的语言；CSV 与 XLSX 的列标题也用此语言（不填则为列名） Language of the labels, and of the headings of CSV and XLSX (their names when left out) */
                lang?: components["parameters"]["lang"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 统计表 The table */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": components["schemas"]["File"];
                };
            };
            /** @description 未变 Not modified */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            408: components["responses"]["408"];
            415: components["responses"]["415"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    getImportsId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description 任务编号 Name of the import */
                id: components["parameters"]["idOfImports"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 批量报送任务 An import: how far it is, and what became of it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Import"];
                };
            };
            /** @description 未变 Not modified */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            408: components["responses"]["408"];
            415: components["responses"]["415"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    getImportsIdItems: {
        parameters: {
            query?: {
                /** @description 每页条数，1 至 500，默认 50 Page size, 1 to 500, 50 when left out */
                first?: components["parameters"]["first"];
                /** @description 上一页末尾的游标，见其 Link 头 Cursor at which the last page ended, from its Link header */
                after?: components["parameters"]["after"];
            };
            header?: never;
            path: {
                /** @description 任务编号 Name of the import */
                id: components["parameters"]["idOfImports"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 逐份结果 What became of every item so far, in the order of the file */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["ImportItem"][];
                    };
                };
            };
            /** @description 未变 Not modified */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            408: components["responses"]["408"];
            415: components["responses"]["415"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    getImportsIdRejectsCsv: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description 任务编号 Name of the import */
                id: components["parameters"]["idOfImports"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 文件 The file, streamed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": components["schemas"]["File"];
                };
            };
            /** @description 未变 Not modified */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            406: components["responses"]["406"];
            408: components["responses"]["408"];
            415: components["responses"]["415"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    getImportsIdRejectsXlsx: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description 任务编号 Name of the import */
                id: components["parameters"]["idOfImports"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 文件 The file, streamed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": components["schemas"]["File"];
                };
            };
            /** @description 未变 Not modified */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            406: components["responses"]["406"];
            408: components["responses"]["408"];
            415: components["responses"]["415"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    getImportsIdRejectsNdjson: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description 任务编号 Name of the import */
                id: components["parameters"]["idOfImports"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 文件 The file, streamed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": components["schemas"]["File"];
                };
            };
            /** @description 未变 Not modified */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            406: components["responses"]["406"];
            408: components["responses"]["408"];
            415: components["responses"]["415"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    postReadings: {
        parameters: {
            query?: {
                /** @description 机关代码；省略时按文件所写查名录 Whose it is; else what it says is looked up */
                agency?: string;
                /** @description 年度；省略时按文件所写 Report year; else what the document says */
                year?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "text/plain": string;
                "text/markdown": string;
                "text/html": string;
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document": string;
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": string;
                "application/pdf": string;
                "application/vnd.oasis.opendocument.text": string;
                "application/vnd.oasis.opendocument.spreadsheet": string;
                "application/msword": string;
                "application/vnd.ms-excel": string;
                "application/wps-office.wps": string;
                "application/wps-office.et": string;
                "multipart/form-data": components["schemas"]["DocumentForm"];
            };
        };
        responses: {
            /** @description 读取结果 A document as it was read; nothing was stored */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Reading"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            408: components["responses"]["408"];
            413: components["responses"]["413"];
            415: components["responses"]["415"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
            507: components["responses"]["507"];
        };
    };
    postRegisterChanges: {
        parameters: {
            query?: {
                /** @description 只检查不保存 Do everything but keep it, and answer as the real call would */
                dryRun?: components["parameters"]["dryRun"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description 变更文件 Changes as CSV */
        requestBody: {
            content: {
                "text/csv": string;
            };
        };
        responses: {
            /** @description 批量变更结果 What a file of changes did */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RegisterImport"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            408: components["responses"]["408"];
            413: components["responses"]["413"];
            415: components["responses"]["415"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
            507: components["responses"]["507"];
        };
    };
    postRegisterComparison: {
        parameters: {
            query: {
                /** @description 名单的日期，年-月-日 The day of the list, YYYY-MM-DD */
                on: string;
                /** @description 名单为其全部的行政区划：名单没有的即已消失，其他区划的行不比较；省略则只比较名单所列 A division that the list has all of: what it lacks has ended, and lines of others are left aside. When left out, only what the list has is compared */
                division?: string;
                /** @description 代码来源：民政部或统计局 Whose codes the list has: of the ministry or the bureau */
                authority?: "NBS" | "MCA";
                /** @description Accept 为 text/csv 时给出的变更行 Which lines of changes are sent to who accepts text/csv */
                lines?: "certain" | "uncertain";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description 名单 The list as CSV */
        requestBody: {
            content: {
                "text/csv": string;
            };
        };
        responses: {
            /** @description 比较结果 What would change */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RegisterComparison"];
                    "text/csv": string;
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            406: components["responses"]["406"];
            408: components["responses"]["408"];
            413: components["responses"]["413"];
            415: components["responses"]["415"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
            507: components["responses"]["507"];
        };
    };
    postImports: {
        parameters: {
            query?: {
                /** @description 只检查不保存 Do everything but keep it, and answer as the real call would */
                dryRun?: components["parameters"]["dryRun"];
                /** @description 只在该行政区划内按名称查机关；默认先查令牌权限范围 Look agencies up by name in this division only; else first where the token may file */
                division?: string;
                /** @description each：逐份处理；all：有一份被拒则全部不保存 each: every item for itself; all: nothing when any is refused */
                mode?: "each" | "all";
                /** @description 已报送且内容不同的则修订 Revise what is filed with other content, instead of refusing it */
                revise?: boolean;
                /** @description 修订原因，自带 reason 的以其为准 Why it is revised, for items without a reason of their own */
                reason?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description 文件 The file */
        requestBody: {
            content: {
                "application/x-ndjson": unknown;
                "application/ndjson": unknown;
                "application/jsonl": unknown;
                "text/csv": unknown;
                "text/tab-separated-values": unknown;
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": unknown;
                "application/zip": unknown;
                "application/x-zip-compressed": unknown;
            };
        };
        responses: {
            /** @description 批量报送的结果 What became of an import */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportResult"];
                };
            };
            /** @description 批量报送任务 An import: how far it is, and what became of it */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Import"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            408: components["responses"]["408"];
            413: components["responses"]["413"];
            415: components["responses"]["415"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            431: components["responses"]["431"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
            507: components["responses"]["507"];
        };
    };
}
