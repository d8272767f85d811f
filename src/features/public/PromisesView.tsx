import { Card } from '#ui/Card'
import { Meta } from '#ui/Meta'
import { Row } from '#ui/Row'

/** 减负自检: what this software never does. Each is proven by a test over the records, the
 *  interface of the server and the screens. */
export const promises: readonly { title: string; detail: string }[] = [
  { title: '登记真实的学习，不搞打卡', detail: '签到是方便自己，自愿使用；没有签到的，由支部登记' },
  { title: '不排名、不积分、不计连续次数', detail: '任何页面、接口和表格里都没有个人排名' },
  { title: '不统计在线时间和阅读时间', detail: '学时只按支部的学习安排折算，不在手机上计时' },
  { title: '不强制上传照片、视频和位置', detail: '没有照片和位置也能完成所有登记，不记录行踪' },
  { title: '一次登记，多处使用', detail: '登记簿和各级统计来自同一份记录，不重复填写' },
  { title: '统计到支部和场次', detail: '只为发现需要帮助的地方，不列名单追责' },
  { title: '每条记录注明来源', detail: '现场、离线后同步、事后录入、导入，一看便知；不代写会议记录' },
]

export function PromisesView() {
  return (
    <>
      <Card title="减负自检">
        <Meta text="这是一本登记簿，不是考勤机。下面的承诺由自动化测试逐条检查。" />
      </Card>
      <Card>
        {promises.map(({ title, detail }) => (
          <Row key={title} title={title} detail={detail} />
        ))}
      </Card>
    </>
  )
}
