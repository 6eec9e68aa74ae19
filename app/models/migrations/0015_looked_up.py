from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('app', '0014_keyed_requests')]

    initial = False

    operations = [
        ops.AddIndex(
            model_name='AccessDay',
            index=Index(fields=['viewer_id']),
        ),
        ops.AddIndex(
            model_name='Account',
            index=Index(fields=['person_id']),
        ),
        ops.AddIndex(
            model_name='Consent',
            index=Index(fields=['person_id']),
        ),
        ops.AddIndex(
            model_name='Consent',
            index=Index(fields=['group_id']),
        ),
        ops.AddIndex(
            model_name='Consent',
            index=Index(fields=['given_by_id']),
        ),
        ops.AddIndex(
            model_name='Group',
            index=Index(fields=['creator_id']),
        ),
        ops.AddIndex(
            model_name='Invitation',
            index=Index(fields=['created_by_id']),
        ),
        ops.AddIndex(
            model_name='Membership',
            index=Index(fields=['enrolled_by_id']),
        ),
        ops.AddIndex(
            model_name='RefreshToken',
            index=Index(fields=['session_id']),
        ),
        ops.AddIndex(
            model_name='Relative',
            index=Index(fields=['identity_hash']),
        ),
        ops.AddIndex(
            model_name='Verification',
            index=Index(fields=['account_id']),
        ),
    ]
